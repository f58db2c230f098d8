/**
 * Follows what changes at the desk without reloading: the server says only that something has changed, and the page asks again.
 */

/** Where the stream cannot be had, the page asks by itself. */
const POLL_MS = 15_000;

/** @typedef {"day" | "tasks" | "waitlist" | "planning" | "cases"} What */

/**
 * @param {(what: What) => void} changed called with what has changed; after an absence with each of `kinds`, because anything may have
 * @param {What[]} [kinds] what this page shows
 */
export function startLive(changed, kinds = ["day", "tasks"]) {
  /** @type {EventSource | null} */
  let source = null;
  const everything = () => kinds.forEach(changed);
  const open = () => {
    source = new EventSource("/api/desk/live");
    // It comes again by itself when the line drops; what was missed is asked for then.
    let before = false;
    source.addEventListener("open", () => {
      if (before) everything();
      before = true;
    });
    source.addEventListener("changed", (event) => changed(JSON.parse(event.data).what));
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) {
      open();
      everything();
    }
  });
  // While the stream is away the page asks by itself: nobody looks at what was true a while ago.
  setInterval(() => {
    if (source && source.readyState !== EventSource.OPEN) everything();
    if (source?.readyState === EventSource.CLOSED) open();
  }, POLL_MS);
  if (!document.hidden) open();
}
