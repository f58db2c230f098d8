/**
 * The page that verifies receipts: by the address's fragment, by a field into which a scanner types, or by the camera. What is read stays here.
 */
import { byId } from "./controllers.js";
import { element, noon } from "./elements.js";
import { notice } from "./form.js";
import { cameraCanRead, readByCamera } from "./receipt-camera.js";
import { ReceiptRefused, canVerify, keysOf, readReceipt } from "./receipt-read.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {import("./receipt-read.js").Receipt} Receipt */

const WORKER = "/receipt-worker.js";
const SCOPE = "/receipt";
const REFUSED = {
  unreadable: ["receipt-unreadable", "receipt-unreadable-text"],
  "not-ours": ["receipt-not-ours", "receipt-not-ours-text"],
  changed: ["receipt-changed", "receipt-changed-text"],
  newer: ["receipt-newer", "receipt-newer-text"],
  "no-key": ["receipt-no-key", "receipt-no-key-text"],
  cannot: ["receipt-cannot", "receipt-cannot-text"],
};
const URGENCIES = { routine: "receipt-routine", urgent: "receipt-urgent", immediate: "receipt-immediate" };

const page = byId("receipt", HTMLElement);
const field = byId("receipt-given", HTMLInputElement);
const camera = byId("receipt-camera", HTMLButtonElement);
const video = byId("receipt-video", HTMLVideoElement);
let looking = new AbortController();

byId("receipt-form", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim()) void check(field.value);
  else field.focus();
});
for (const again of page.querySelectorAll("[data-again]")) again.addEventListener("click", ask);
camera.addEventListener("click", () => void look());
byId("receipt-camera-stop", HTMLButtonElement).addEventListener("click", () => looking.abort());
addEventListener("hashchange", begin);

void keepThisPage();
void cameraCanRead().then((can) => camera.toggleAttribute("hidden", !can));
begin();

function begin() {
  const given = location.hash.slice(1);
  if (given) void check(given);
  else ask();
}

function ask() {
  // The receipt that was shown does not stay in the address, nor come back by a reload.
  if (location.hash) history.replaceState(null, "", location.pathname);
  field.value = "";
  show("ask");
  field.focus();
}

/** @param {string} given */
async function check(given) {
  looking.abort();
  show("checking");
  try {
    if (!(await canVerify())) return refuse("cannot");
    const keys = await keysOf(await publicKeys());
    tell(await readReceipt(given, keys));
  } catch (problem) {
    if (problem instanceof ReceiptRefused) refuse(problem.reason);
    else refuse("no-key");
  }
}

/** By this page's own worker, which has the last ones when the service does not answer. @returns {Promise<unknown>} */
async function publicKeys() {
  const answer = await fetch("/api/receipt/key", { credentials: "omit" });
  if (!answer.ok) throw new TypeError(`the key: ${answer.status}`);
  return answer.json();
}

/** @param {Receipt} receipt */
function tell(receipt) {
  put("genuine-text", say("receipt-genuine-text", { region: nameOf(receipt.region) }));
  put("genuine-number", receipt.number);
  put("genuine-agency", nameOf(receipt.agency));
  put("genuine-due", dates.day(noon(receipt.dueOn)));
  put("genuine-urgency", say(URGENCIES[receipt.urgency]));
  const ratified = [dates.day(receipt.ratifiedAt), dates.time(receipt.ratifiedAt)];
  byId("genuine-ratified", HTMLElement).replaceChildren(...ratified.map((line) => element("p", "", line)));
  const cut = receipt.of !== null;
  const lines = receipt.wording.split("\n");
  const shown = lines.map((line, at) => element("p", "", cut && at === lines.length - 1 ? `${line}…` : line));
  // It is Arabic on an English page too.
  for (const paragraph of shown) paragraph.dir = "auto";
  byId("genuine-wording", HTMLElement).replaceChildren(...shown);
  put("genuine-wording-label", say(cut ? "receipt-wording-beginning" : "receipt-wording"));
  const part = byId("genuine-part", HTMLElement);
  part.hidden = !cut;
  part.textContent = receipt.of === null ? "" : say("receipt-part", { whole: receipt.of });
  show("genuine");
}

/** @param {keyof typeof REFUSED} reason */
function refuse(reason) {
  const [title, text] = REFUSED[reason];
  put("refused-title", say(title));
  put("refused-text", say(text));
  page.dataset.reason = reason;
  show("refused");
}

async function look() {
  looking = new AbortController();
  notice("receipt-problem");
  byId("receipt-looking", HTMLElement).hidden = false;
  camera.hidden = true;
  try {
    const given = await readByCamera(video, looking.signal);
    if (given) await check(given);
  } catch (problem) {
    if (!(problem instanceof DOMException)) throw problem;
    notice("receipt-problem", say("receipt-camera-refused"));
  } finally {
    byId("receipt-looking", HTMLElement).hidden = true;
    camera.hidden = false;
  }
}

/** From now on it opens without a network. Under `trusted-types tawasul` only an address that this policy made starts a worker. */
async function keepThisPage() {
  if (!("serviceWorker" in navigator)) return;
  const policy = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (/** @type {unknown} */ (globalThis)).trustedTypes?.createPolicy("tawasul", {
    /** @param {string} address */
    createScriptURL(address) {
      if (address !== WORKER) throw new TypeError("not our worker");
      return address;
    },
  });
  try {
    await navigator.serviceWorker.register(policy ? policy.createScriptURL(WORKER) : WORKER, { scope: SCOPE });
    await navigator.serviceWorker.ready;
    byId("receipt-offline", HTMLElement).hidden = false;
  } catch {
    // A private window keeps nothing; the page works all the same while there is a network.
  }
}

/** @param {string} step */
function show(step) {
  const before = page.dataset.step;
  page.dataset.step = step;
  const heading = page.querySelector(`section[data-step="${step}"] h1`);
  if (heading instanceof HTMLElement && before !== "loading" && step !== "ask") heading.focus();
  scrollTo({ top: 0 });
}

/** @param {string} id @param {string} text */
function put(id, text) {
  byId(id, HTMLElement).textContent = text;
}
