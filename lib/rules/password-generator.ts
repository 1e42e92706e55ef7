/** Without letters and digits that are easily taken for each other, nor symbols that shells and URLs treat specially. */
const KINDS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '-_.+!*'] as const;
const LENGTH = 20;

/**
 * A password that meets every rule of an admin password: 20 characters, at least one of each kind, about 115 bits.
 *
 * @param random a uniform random integer from 0 up to, not including, its argument; from a cryptographic source.
 */
export function generatePassword(random: (below: number) => number): string {
  const every = KINDS.join('');
  const characters = Array.from({ length: LENGTH }, (_, index) => {
    const from = KINDS[index] ?? every;
    return from[random(from.length)]!;
  });
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = random(index + 1);
    [characters[index], characters[other]] = [characters[other]!, characters[index]!];
  }
  // A symbol in front would be read as an option by command lines.
  const letter = characters.findIndex((character) => /[A-Za-z]/.test(character));
  [characters[0], characters[letter]] = [characters[letter]!, characters[0]!];
  return characters.join('');
}

/** Uniform integers from `crypto.getRandomValues`: values of the last, incomplete round are drawn again. */
export function cryptoRandom(below: number): number {
  const limit = Math.floor(2 ** 32 / below) * below;
  for (;;) {
    const [value] = crypto.getRandomValues(new Uint32Array(1));
    if (value! < limit) return value! % below;
  }
}
