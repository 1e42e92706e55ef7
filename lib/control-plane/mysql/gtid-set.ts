/**
 * GTID sets as MySQL writes them: `uuid[:tag]:1-5:7,uuid:3`.
 * Source: MySQL's manual, "GTID Format and Storage".
 */
export class GtidSet {
  /** `uuid` or `uuid:tag` → closed intervals, rising and apart. */
  readonly #sources = new Map<string, [number, number][]>();

  /** @throws {Error} when the text is no GTID set. */
  static parse(text: string): GtidSet {
    const set = new GtidSet();
    for (const part of text.replaceAll(/\s/g, '').split(',')) {
      if (part === '') continue;
      const [uuid, ...rest] = part.toLowerCase().split(':');
      if (!uuid || !/^[0-9a-f-]{36}$/.test(uuid)) throw new Error(`${JSON.stringify(part)} is no part of a GTID set.`);
      let source = uuid;
      for (const piece of rest) {
        const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(piece) ?? [];
        if (from) set.#add(source, Number(from), Number(to ?? from));
        else if (/^[a-z_][a-z0-9_]{0,31}$/.test(piece)) source = `${uuid}:${piece}`;
        else throw new Error(`${JSON.stringify(piece)} is no part of a GTID set.`);
      }
    }
    return set;
  }

  clone(): GtidSet {
    const copy = new GtidSet();
    for (const [source, intervals] of this.#sources) {
      copy.#sources.set(
        source,
        intervals.map(([from, to]) => [from, to]),
      );
    }
    return copy;
  }

  /** @param source `uuid` or `uuid:tag`, in small letters. */
  add(source: string, number: number): void {
    this.#add(source, number, number);
  }

  has(source: string, number: number): boolean {
    return this.#sources.get(source)?.some(([from, to]) => from <= number && number <= to) ?? false;
  }

  addAll(other: GtidSet): this {
    for (const [source, intervals] of other.#sources) {
      for (const [from, to] of intervals) this.#add(source, from, to);
    }
    return this;
  }

  /** What is here and not in the other. */
  minus(other: GtidSet): GtidSet {
    const left = new GtidSet();
    for (const [source, intervals] of this.#sources) {
      const taken = other.#sources.get(source) ?? [];
      for (const [from, to] of intervals) {
        let at = from;
        for (const [low, high] of taken) {
          if (high < at) continue;
          if (low > to) break;
          if (low > at) left.#add(source, at, low - 1);
          at = high + 1;
        }
        if (at <= to) left.#add(source, at, to);
      }
    }
    return left;
  }

  /** What is here and in the other. */
  common(other: GtidSet): GtidSet {
    return this.minus(this.minus(other));
  }

  /**
   * Without what that server began itself after all that the other has of it: a server's own transactions become executed
   * in their order, so these may be on their way there.
   */
  withoutLaterOf(serverUuid: string, other: GtidSet): GtidSet {
    const left = new GtidSet();
    for (const [source, intervals] of this.#sources) {
      const isOwn = source.split(':')[0] === serverUuid.toLowerCase();
      const last = isOwn ? (other.#sources.get(source)?.at(-1)?.[1] ?? 0) : Infinity;
      for (const [from, to] of intervals) if (from <= last) left.#add(source, from, Math.min(to, last));
    }
    return left;
  }

  /**
   * Without what comes before the first that the other has of the same source, and without sources that the other knows
   * nothing of: a binary log that began with a copy of the data does not name what was in that. Of one server all counts.
   */
  withoutEarlierThan(other: GtidSet, serverUuid: string): GtidSet {
    const left = new GtidSet();
    for (const [source, intervals] of this.#sources) {
      const isOwn = source.split(':')[0] === serverUuid.toLowerCase();
      const first = other.#sources.get(source)?.[0]?.[0] ?? (isOwn ? 1 : Infinity);
      for (const [from, to] of intervals) if (to >= first) left.#add(source, Math.max(from, first), to);
    }
    return left;
  }

  isSubsetOf(other: GtidSet): boolean {
    return this.minus(other).isEmpty();
  }

  isEmpty(): boolean {
    return this.#sources.size === 0;
  }

  /** How many transactions it names. */
  count(): number {
    let sum = 0;
    for (const intervals of this.#sources.values()) for (const [from, to] of intervals) sum += to - from + 1;
    return sum;
  }

  toString(): string {
    return [...this.#sources]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([source, intervals]) =>
        [source, ...intervals.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))].join(':'),
      )
      .join(',');
  }

  #add(source: string, from: number, to: number): void {
    const intervals = this.#sources.get(source);
    if (!intervals) {
      this.#sources.set(source, [[from, to]]);
      return;
    }
    const last = intervals.at(-1)!;
    // Nearly always the next one.
    if (from === last[1] + 1) {
      last[1] = to;
      return;
    }
    const merged: [number, number][] = [];
    for (const [low, high] of [...intervals, [from, to] as [number, number]].sort((one, other) => one[0] - other[0])) {
      const before = merged.at(-1);
      if (before && low <= before[1] + 1) before[1] = Math.max(before[1], high);
      else merged.push([low, high]);
    }
    this.#sources.set(source, merged);
  }
}
