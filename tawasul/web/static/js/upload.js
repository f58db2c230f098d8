/**
 * Sends a file and tells how far it is. (`fetch` does not tell of what is sent, so it is the older request.)
 */
import { Problem, csrf } from "./api.js";
import { locale, say } from "./words.js";

/** A file of ten megabytes on a slow line. */
const PATIENCE_MS = 180_000;

/**
 * @param {string} address
 * @param {File} file
 * @param {(part: number) => void} progress from 0 to 1
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} the JSON of the answer
 * @throws {Problem}
 */
export function upload(address, file, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const noAnswer = () => reject(new Problem("no-answer", 0, say("error-no-answer")));
    request.open("POST", address);
    request.timeout = PATIENCE_MS;
    request.responseType = "json";
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("x-tawasul-csrf", csrf());
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("error", noAnswer);
    request.addEventListener("timeout", noAnswer);
    request.addEventListener("abort", noAnswer);
    request.addEventListener("load", () => {
      const content = request.response;
      if (request.status < 300) return resolve(content);
      const text = content?.[locale === "ar" ? "arabic" : "english"] ?? say("error-no-answer");
      return reject(new Problem(content?.code ?? "internal", request.status, text, content?.field, content ?? {}));
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
