/**
 * What a desk can do with a case as it stands. Pure; the server decides again.
 */

/** @typedef {"refer" | "settle" | "merge" | "reply" | "correct" | "accept" | "contest" | "withdraw"} Step */

/** They happen beside the state, and leave it as it was. */
const BESIDE = new Set(["notified", "escalated", "prolonged"]);

/**
 * What can be done now, the likeliest first. What is read out and ratified stands for itself.
 * @param {{state: string, owner: string, answered_at: string | null}} given
 * @returns {Step[]}
 */
export function stepsOf({ state, owner, answered_at }) {
  // What was answered once ends by the citizen's word, not by a merge.
  if (state === "received" && owner === "desk") return answered_at ? ["refer", "settle", "withdraw"] : ["refer", "settle", "merge", "withdraw"];
  if (state === "asked") return ["reply", "withdraw"];
  if (state === "answered") return ["accept", "contest", "withdraw"];
  if (state === "contested") return ["accept", "withdraw"];
  return state === "closed" ? [] : ["withdraw"];
}

/**
 * Whether a paper can be removed: a desk's own, which has gone nowhere yet.
 * @param {{came_with?: string, attached_at?: string}} paper
 * @param {{state: string, opened_at: string, entries: readonly {kind: string, at: string}[]}} of
 * @returns {boolean}
 */
export function mayRemove({ came_with, attached_at }, { state, opened_at, entries }) {
  if (state === "closed" || came_with === "answer" || attached_at === undefined) return false;
  const moved = entries.filter(({ kind }) => !BESIDE.has(kind)).map(({ at }) => Date.parse(at));
  return Date.parse(attached_at) >= Math.max(Date.parse(opened_at), ...moved);
}
