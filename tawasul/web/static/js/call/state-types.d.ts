/** The shapes of one page's part in a call: what `state.js` is given, holds and asks for. */
import type { CallState, Ended, FromEndpoint, FromServer, IceCandidate, Negotiate, Party } from "../messages.d.ts";

export type Path = "host" | "reflexive" | "relay";

/** True where nothing is sent. */
export interface MutedParts {
  sound: boolean;
  picture: boolean;
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
  /** What the server was last told of this attempt. */
  said: "connected" | "lost" | null;
  /** The other end said that it hung up. */
  goodbye: boolean;
  otherMuted: MutedParts;
  /** The call as the server knows it. */
  server: Pick<CallState, "phase" | "office" | "citizen" | "since"> | null;
}

/** A call that is over. `here`: this end hung up; `other-left`: the other said goodbye; `unknown`: it ended while the line was away. */
export interface Over {
  callId: string;
  audienceId: string;
  because: Ended["because"] | "here" | "other-left" | "unknown";
  /** Null until the server has said it. */
  waitsAgain: boolean | null;
}

export interface CallPart {
  lineUp: boolean;
  call: OneCall | null;
  muted: MutedParts;
  /** The last few calls that this end hung up, so that a late invitation to one of them is refused. */
  hungUp: string[];
  /** A hang-up that the server has not heard, since the line was away. */
  unsaidHangUp: string | null;
  over: Over | null;
  dueAt: number | null;
}

/** What one connection reports of itself. */
export type PeerEvent =
  | { type: "description"; kind: "offer" | "answer"; sdp: string }
  | { type: "candidate"; candidate: IceCandidate }
  | { type: "connected"; path: Path | null }
  | { type: "lost" }
  | { type: "muted"; muted: MutedParts }
  | { type: "goodbye" };

export type CallGiven =
  | { type: "line-up" }
  | { type: "line-down" }
  | { type: "message"; message: FromServer }
  | { type: "peer"; attempt: number; event: PeerEvent }
  | { type: "mute"; muted: MutedParts }
  | { type: "hang-up" }
  | { type: "time" };

export type CallEffect =
  | { do: "send"; message: FromEndpoint }
  | { do: "connect"; negotiate: Negotiate; muted: MutedParts }
  | { do: "to-peer"; message: Extract<FromServer, { type: "offer" | "answer" | "candidate" }> }
  | { do: "apply-muted"; muted: MutedParts }
  | { do: "goodbye" }
  | { do: "disconnect" }
  | { do: "release" };
