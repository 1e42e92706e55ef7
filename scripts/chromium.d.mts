export function findChromium(): string | undefined;
export function setUpChromium(): Promise<void>;
