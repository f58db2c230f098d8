/** The shapes of one page's part in a call: what `state.js` is given, holds and asks for. */
import type { Alarm, CallState, Ended, FromEndpoint, FromServer, HangUp, IceCandidate, Negotiate, Party, Quality } from "../messages.d.ts";

export type Path = "host" | "reflexive" | "relay";
/** How an end speaks with its own relay. */
export type Via = "udp" | "tcp" | "tls";

/** True where nothing is sent. */
export interface MutedParts {
  sound: boolean;
  picture: boolean;
}

/** Who holds the keys of one end. `urn`, `title` and `expires` (seconds since 1970) are its certificate's; null for a citizen's own device. */
export interface Holder {
  thumbprint: string;
  urn: string | null;
  title: { ar: string; en: string } | null;
  expires: number | null;
  /** Of its DTLS certificate. */
  fingerprint: string;
}

/** What a confirmed handshake proves. `pair` names the two keys: as long as it is the same, a comparison of the phrase holds. */
export interface Privacy {
  phrase: string;
  own: Holder;
  other: Holder;
  pair: string;
}

export type QualityLevel = Quality["level"];
/** Whose line it is: this end's, the other's, or the relay between them. */
export type QualityCause = "own" | "other" | "relay";
/** How an end's way to its relay is. */
export type Leg = "good" | "bad";

/** How the call is, and whose line makes it so (null: not known); `other`: what the other end counted of late. */
export interface CallQuality {
  level: QualityLevel;
  cause: QualityCause | null;
  other: Quality | null;
}

export interface OneCall {
  callId: string;
  attempt: number;
  audienceId: string;
  reference: string;
  other: Party;
  /** The other's picture and sound are decoded here, now. */
  connected: boolean;
  /** They were in any attempt of this call. */
  everConnected: boolean;
  /** This attempt's connection failed or fell silent. */
  lost: boolean;
  path: Path | null;
  via: Via | null;
  /** What the server was last told of this attempt. */
  said: "connected" | "lost" | null;
  /** The other end said that it hung up. */
  goodbye: boolean;
  otherMuted: MutedParts;
  /** Of this attempt, once both ends have confirmed their keys. */
  privacy: Privacy | null;
  /** The pair of keys of which this person said that the phrase is the same. */
  compared: string | null;
  /** While it is connected, once it was looked at. */
  quality: CallQuality | null;
  /** Frames came that did not open: they were not shown. */
  doubtful: boolean;
  /** The call as the server knows it. */
  server: Pick<CallState, "phase" | "office" | "citizen" | "since"> | null;
}

/** A call that is over. `here`: this end hung up; `other-left`: the other said goodbye; `unknown`: it ended while the line was away.
 * `code`: with `not-private`, why; null when only the server's word is known. */
export interface Over {
  callId: string;
  audienceId: string;
  because: Ended["because"] | "here" | "other-left" | "unknown";
  /** Null until the server has said it. */
  waitsAgain: boolean | null;
  code: string | null;
}

export interface CallPart {
  lineUp: boolean;
  call: OneCall | null;
  muted: MutedParts;
  /** The last few calls that this end hung up, so that a late invitation to one of them is refused. */
  hungUp: string[];
  /** A hang-up or an alarm that the server has not heard, since the line was away. */
  unsaid: HangUp | Alarm | null;
  over: Over | null;
  /** The call that is over left an attestation, which can be saved. */
  attested: boolean;
  /** When keys were made of late with a citizen's own device, without anybody having compared the phrase since. */
  tries: number[];
  dueAt: number | null;
}

/** What one connection reports of itself. */
export type PeerEvent =
  | { type: "description"; kind: "offer" | "answer"; sdp: string }
  | { type: "candidate"; candidate: IceCandidate }
  | { type: "seal"; payload: string }
  | { type: "confirmed"; privacy: Privacy }
  | { type: "doubtful" }
  | { type: "alarm"; code: string; reason: string | null }
  | { type: "connected"; path: Path | null; via: Via | null }
  | { type: "quality"; quality: CallQuality }
  | { type: "lost" }
  | { type: "muted"; muted: MutedParts }
  | { type: "goodbye" };

export type CallGiven =
  | { type: "line-up" }
  | { type: "line-down" }
  | { type: "message"; message: FromServer }
  | { type: "peer"; attempt: number; event: PeerEvent }
  | { type: "mute"; muted: MutedParts }
  | { type: "compared"; same: boolean }
  | { type: "attested"; callId: string }
  | { type: "hang-up" }
  | { type: "time" };

export type CallEffect =
  | { do: "send"; message: FromEndpoint }
  | { do: "connect"; negotiate: Negotiate; muted: MutedParts }
  | { do: "to-peer"; message: Extract<FromServer, { type: "offer" | "answer" | "candidate" | "seal" }> }
  | { do: "remember"; callId: string; pair: string }
  | { do: "apply-muted"; muted: MutedParts }
  | { do: "goodbye" }
  /** `attests`: the call is over as it should be, and both ends sign what it was. */
  | { do: "disconnect"; attests: boolean }
  | { do: "release" };
