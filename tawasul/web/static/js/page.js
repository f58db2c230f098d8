/**
 * What every page does: digits stay Latin, dialogs open and close, times keep counting, one can sign out.
 */
import { Problem, request } from "./api.js";
import { alertNow, toast } from "./announce.js";
import { register } from "./controllers.js";
import { keepLatin } from "./digits.js";
import { dropAll } from "./drafts.js";
import { element } from "./elements.js";
import { dates, say } from "./words.js";

register(
  "digits",
  class {
    /** @param {HTMLElement} element */
    constructor(element) {
      if (element instanceof HTMLInputElement) keepLatin(element);
    }
  },
);

/** `<button data-controller="opens" data-dialog="id">`: opens a dialog; inside one, without `data-dialog`, closes it. */
register(
  "opens",
  class {
    /** @param {HTMLElement} element */
    constructor(element) {
      element.addEventListener("click", () => {
        const named = element.dataset.dialog;
        const dialog = named ? document.getElementById(named) : element.closest("dialog");
        if (!(dialog instanceof HTMLDialogElement)) return;
        if (named) dialog.showModal();
        else dialog.close();
      });
    }
  },
);

/** `<time data-controller="waiting" datetime="…">`: how long since then, kept true. */
register(
  "waiting",
  class {
    /** @param {HTMLElement} element */
    constructor(element) {
      if (!(element instanceof HTMLTimeElement)) return;
      const show = () => {
        element.textContent = dates.wait((Date.now() - Date.parse(element.dateTime)) / 1000);
      };
      show();
      const timer = setInterval(() => (element.isConnected ? show() : clearInterval(timer)), 15000);
    }
  },
);

/** `<button data-controller="reveal" data-input="id">`: shows what is typed into a password field. */
register(
  "reveal",
  class {
    /** @param {HTMLElement} element */
    constructor(element) {
      element.addEventListener("click", () => {
        const input = document.getElementById(element.dataset.input ?? "");
        if (!(input instanceof HTMLInputElement)) return;
        const shown = input.type === "password";
        input.type = shown ? "text" : "password";
        element.setAttribute("aria-pressed", String(shown));
      });
    }
  },
);

/**
 * `<button data-controller="language" data-locale="en">`: remembers the language and draws the page again. The cookie is set here and not by
 * the server, because the address of the page must not travel: a citizen's carries a token in its fragment.
 */
register(
  "language",
  class {
    /** @param {HTMLElement} element */
    constructor(element) {
      element.addEventListener("click", () => {
        const secure = location.protocol === "https:" ? "; Secure" : "";
        document.cookie = `tawasul_language=${element.dataset.locale}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
        location.reload();
      });
    }
  },
);

register(
  "sign-out",
  class {
    /** @param {HTMLElement} element */
    constructor(element) {
      addEventListener("signed-out", offerSignIn, { once: true });
      element.addEventListener("click", async () => {
        try {
          await request("DELETE", "/api/session");
          dropAll();
          location.assign("/");
        } catch (problem) {
          if (!(problem instanceof Problem)) throw problem;
          toast(problem.text, "danger");
        }
      });
    }
  },
);

/** A sign-in is over while its page still stands: the way back stays until it is gone. What is typed is not taken away by itself. */
function offerSignIn() {
  const link = element("a", "button toast-button", say("line-sign-in"));
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}${location.hash}`;
  document.getElementById("toasts")?.append(element("div", "toast toast-danger", say("line-signed-out"), link));
  alertNow(say("line-signed-out"));
}
