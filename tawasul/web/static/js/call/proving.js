/**
 * One attempt's proof that nobody is in the middle: the handshake in its seals, then the DTLS certificate that the connection really uses.
 * Only when both hold is the session given out, and with it the keys of every frame.
 */
import { PrivacyError } from "../e2ee/errors.js";
import { certificateInUse, showedAnother } from "./certificate-in-use.js";
import { Handshaking } from "./handshaking.js";
import { refusal } from "./refusal.js";

/**
 * @import { Credentials, HandshakeEnd } from "../e2ee/handshake.js"
 * @import { Session } from "../e2ee/session.js"
 * @typedef {{end: HandshakeEnd, credentials: Credentials}} Part what one end says of itself in one attempt
 * @typedef {object} ProvingUser
 * @property {(payload: string) => void} seal to be sent to the other end
 * @property {(session: Session) => void} proven
 * @property {(error: PrivacyError) => void} refused nothing comes after it
 */

export class Proving {
  #connection;
  #user;
  /** @type {Promise<Handshaking>} */ #handshaking;
  /** @type {(fingerprint: string) => void} */ #pin = () => {};
  /** @type {Session | null} */ #session = null;
  #stopped = false;
  #stood = false;

  /** What the other end signed of its DTLS certificate. @readonly @type {Promise<string>} */
  pinned = new Promise((resolve) => (this.#pin = resolve));

  /** @param {RTCPeerConnection} connection @param {Promise<Part>} part @param {ProvingUser} user */
  constructor(connection, part, user) {
    this.#connection = connection;
    this.#user = user;
    connection.addEventListener("connectionstatechange", () => this.#check());
    this.#handshaking = part.then(({ end }) => this.#start(end));
    this.#handshaking.catch((error) => this.#refuse(error instanceof PrivacyError ? error : new PrivacyError("browser-lacks-what-is-needed")));
  }

  /** This end's description is made; done when its seal is on the way. @param {"offer" | "answer"} kind @param {string} fingerprint */
  async describing(kind, fingerprint) {
    const handshaking = await this.#handshaking;
    await handshaking.described(kind === "offer" ? "begin" : "answering", fingerprint);
  }

  /** @param {string} payload of a `seal` of this attempt */
  async take(payload) {
    // In order: each waits for the same promise.
    await this.#handshaking.then((handshaking) => handshaking.take(payload)).catch(() => {}); // Told already.
  }

  stop() {
    this.#stopped = true;
    this.#handshaking.then((handshaking) => handshaking.stop()).catch(() => {}); // There is none to stop.
  }

  /** @param {HandshakeEnd} end */
  #start(end) {
    const handshaking = new Handshaking(end, {
      seal: (payload) => this.#stopped || this.#user.seal(payload),
      pin: (fingerprint) => this.#pin(fingerprint),
      confirmed: (session) => {
        this.#session = session;
        this.#check();
      },
      refused: (error) => this.#refuse(error),
    });
    if (this.#stopped) handshaking.stop();
    return handshaking;
  }

  /** The certificate is known when the connection stands, the signed one when the handshake is confirmed: whichever comes last. */
  async #check() {
    const session = this.#session;
    if (this.#stopped) return;
    this.#stood ||= this.#connection.connectionState === "connected";
    if (!this.#stood && showedAnother(this.#connection)) return this.#refuse(new PrivacyError("certificate-in-use-wrong"), true);
    if (!session || this.#connection.connectionState !== "connected") return;
    this.#session = null;
    const used = await certificateInUse(this.#connection);
    // Without any there is nothing proven, and nothing to accuse the other end of: the attempt comes to its end by itself.
    if (this.#stopped || used === null) return;
    if (used === session.peer.fingerprint) this.#user.proven(session);
    else this.#refuse(new PrivacyError("certificate-in-use-wrong"), true);
  }

  /** @param {PrivacyError} error @param {boolean} [tell] whether the other end has to be told by us; the handshake tells by itself */
  #refuse(error, tell = false) {
    if (this.#stopped) return;
    if (tell) this.#user.seal(refusal(error.code));
    this.stop();
    this.#user.refused(error);
  }
}
