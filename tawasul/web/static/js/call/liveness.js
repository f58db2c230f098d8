/**
 * Whether the other end still lives, by its heartbeats. Pure; times are milliseconds of a clock that never goes back.
 *
 * @typedef {{heardAt: number, lookedAt: number, alive: boolean}} Liveness
 */

export const HEARTBEAT_MS = 1000;

/** Three lost heartbeats may be the network; with the fourth the path is gone. */
export const LOST_AFTER_MS = 4000;

/** A look that comes this late means that this page slept: what the other end said meanwhile is not yet read. */
const SLEPT_MS = 2500;

/** @param {number} now @returns {Liveness} */
export function born(now) {
  return { heardAt: now, lookedAt: now, alive: true };
}

/** A heartbeat came, which also brings back a path thought lost. @param {Liveness} life @param {number} now @returns {Liveness} */
export function heardBeat(life, now) {
  return { ...life, heardAt: now, alive: true };
}

/** To be done each second. @param {Liveness} life @param {number} now @returns {Liveness} */
export function look(life, now) {
  if (now - life.lookedAt > SLEPT_MS) return { ...life, heardAt: now, lookedAt: now };
  return { ...life, lookedAt: now, alive: life.alive && now - life.heardAt < LOST_AFTER_MS };
}
