/** Time as a parameter, so that tests can own it. Milliseconds since 1970. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** For how long something takes: it neither goes back nor jumps when somebody sets the machine's clock. */
export const steadyClock: Clock = { now: () => performance.timeOrigin + performance.now() };
