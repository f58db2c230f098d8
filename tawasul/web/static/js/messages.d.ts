// Made by `tawasul protocol export` from tawasul/protocol. Do not edit.

/** This end will not go on, because nobody can say that the call is private: it ends at once, on both ends. ``code``: one of those of docs/end-to-end.md, such as ``phrase-differs``. Told, so that somebody looks into it; an end that raises it stops by itself, whatever the server does. */
export interface Alarm {
  type: "alarm";
  call_id: string;
  attempt: number;
  code: string;
}

/** SDP answer, from the office. Relayed. */
export interface Answer {
  type: "answer";
  call_id: string;
  attempt: number;
  sdp: string;
}

/** What this end signs about the call that ends now. */
export interface Attestation {
  type: "attestation";
  jws: string;
}

/** The whole of today's sitting, after each change: first those who wait, in the order to be called. */
export interface Board {
  type: "board";
  sitting_id: string | null;
  opens_at: string | null;
  closes_at: string | null;
  rows: ReadonlyArray<BoardRow>;
  concluded: number;
  server_time: string;
}

/** One audience of today's sitting, as the office sees it. ``online``: its kiosk or page has a line now, or the citizen comes in person. ``call_id``: of who is in the room with the office; a ``hang-up`` of it lets them go. */
export interface BoardRow {
  audience_id: string;
  reference: string;
  citizen_name: string;
  citizen_kind: "citizen" | "resident";
  id_last_four: string;
  assurance: "declared" | "seen-at-desk" | "nafath";
  subject: string;
  venue: "kiosk" | "own-location" | "in-person";
  place: BothNames;
  slot_starts_at: string;
  state: "booked" | "arrived" | "called-in" | "in-call" | "heard" | "concluded" | "cancelled" | "missed";
  arrived_at?: string | null;
  position?: number | null;
  online?: boolean;
  interruptions?: number;
  priorities?: ReadonlyArray<"rebooked" | "disabled" | "elderly" | "travelled-far">;
  walk_in?: boolean;
  call_id?: string | null;
}

/** A name in Arabic and in English; the endpoint shows the one of its language. */
export interface BothNames {
  arabic: string;
  english: string;
}

/** Office: this citizen, please. */
export interface CallIn {
  type: "call-in";
  audience_id: string;
}

/** The call as the server knows it: the same message to both ends. */
export interface CallState {
  type: "call-state";
  call_id: string;
  audience_id: string;
  attempt: number;
  phase: "connecting" | "in-call" | "reconnecting";
  office: EndState;
  citizen: EndState;
  since: string;
}

/** A trickled ICE candidate (RFC 8838). Relayed. */
export interface Candidate {
  type: "candidate";
  call_id: string;
  attempt: number;
  candidate: IceCandidate;
}

/** To a kiosk, first of all: sign this. */
export interface Challenge {
  type: "challenge";
  nonce: string;
}

/** A citizen is here. At a kiosk with the slip's reference; from the citizen's own page without. */
export interface CheckIn {
  type: "check-in";
  reference?: string | null;
}

/** Office: the outcome. ``directive`` is the wording, absent when nothing had to be directed. ``agency_id``, ``urgency`` and ``due_on`` (a day in Riyadh) say to whom it goes, how soon and by when: each may be absent, and without a directive they say nothing. */
export interface Conclude {
  type: "conclude";
  audience_id: string;
  directive?: string | null;
  agency_id?: string | null;
  urgency?: Urgency | null;
  due_on?: string | null;
}

/** The outcome is written and kept. ``directed``: a directive was given. */
export interface Concluded {
  type: "concluded";
  audience_id: string;
  reference: string;
  directed: boolean;
}

/** What one end of a call truly has: a line to the server, and the other's picture and sound. */
export interface EndState {
  online: boolean;
  connected: boolean;
  path?: "host" | "reflexive" | "relay" | null;
}

/** The call is over, on both ends. ``waits_again``: the citizen has the same place in the queue. */
export interface Ended {
  type: "ended";
  call_id: string;
  audience_id: string;
  because: "office-hung-up" | "citizen-hung-up" | "concluded" | "no-answer" | "lost" | "taken-back" | "not-private";
  waits_again: boolean;
}

export type FromEndpoint = Hello | CheckIn | CallIn | HangUp | Conclude | Offer | Answer | Candidate | Seal | Alarm | Media;

export type FromServer = Challenge | Welcome | Pulse | Board | Waiting | Negotiate | Offer | Answer | Candidate | Seal | CallState | Ended | Concluded | ProblemMessage;

/** I hung up: do not try to reconnect. */
export interface Goodbye {
  type: "goodbye";
}

/** Either end: the call is over. (Of a call not yet joined: the call-in is taken back.) ``takes_back``: of who is received in person, where nothing is joined: the call-in was a slip, and they wait again. */
export interface HangUp {
  type: "hang-up";
  call_id: string;
  takes_back?: boolean;
}

/** I am here. */
export interface Heartbeat {
  type: "heartbeat";
}

/** The first message. ``call`` lets a call go on undisturbed after a loss of the server or of the line. ``sitting_id`` lets an office ask for a sitting other than today's. */
export interface Hello {
  type: "hello";
  protocol: number;
  proof?: Proof | null;
  sitting_id?: string | null;
  call?: OngoingCall | null;
}

/** The W3C's ``RTCIceCandidateInit``; ``candidate`` empty means that there are no more. */
export interface IceCandidate {
  candidate: string;
  sdp_mid?: string | null;
  sdp_m_line_index?: number | null;
}

/** ``servers`` in the order to try them; ``policy`` ``relay`` hides each end's address from the other. */
export interface IceConfiguration {
  servers: ReadonlyArray<IceServer>;
  policy?: "all" | "relay";
}

/** One STUN or TURN server, in the shape of the W3C's ``RTCIceServer``. */
export interface IceServer {
  urls: ReadonlyArray<string>;
  username?: string | null;
  credential?: string | null;
}

/** What this end truly has: ``connected`` once the other's picture and sound are decoded; ``lost`` after it. ``via``: how it speaks with its own relay, where its media go by one: what works at a site is remembered. */
export interface Media {
  type: "media";
  call_id: string;
  attempt: number;
  state: "connected" | "lost";
  path?: "host" | "reflexive" | "relay" | null;
  via?: "udp" | "tcp" | "tls" | null;
}

/** What I send at this moment; said on opening and at each change. */
export interface Muted {
  type: "muted";
  sound: boolean;
  picture: boolean;
}

/** Make (again) the connection of this call: from nothing, dropping any of an earlier attempt. The citizen's end offers (``offers`` is true there); the office's end answers. */
export interface Negotiate {
  type: "negotiate";
  call_id: string;
  attempt: number;
  audience_id: string;
  reference: string;
  offers: boolean;
  ice: IceConfiguration;
  other: Party;
}

/** SDP offer (RFC 3264), always from the citizen's end. Relayed to the other end as it is. */
export interface Offer {
  type: "offer";
  call_id: string;
  attempt: number;
  sdp: string;
}

/** A call whose media this endpoint still holds, said when the line to the server is made anew. */
export interface OngoingCall {
  call_id: string;
  attempt: number;
  connected: boolean;
}

/** Who is at the other end, as the server says. ``device``: which kiosk; an end believes the certificate only. */
export interface Party {
  name: BothNames;
  place?: BothNames | null;
  assurance?: "declared" | "seen-at-desk" | "nafath" | null;
  device?: string | null;
}

export type PeerMessage = Heartbeat | Muted | Goodbye | Rekey | Attestation | Quality;

/** Something was refused. ``about`` is the type of the message it answers, when there was one that could be read. */
export interface ProblemMessage {
  type: "problem";
  code: string;
  arabic: string;
  english: string;
  about?: string | null;
  retry_after?: number | null;
}

/** A kiosk's proof: Ed25519 over ``tawasul kiosk hello v1\n`` + nonce + ``\n`` + kiosk id, base64url. */
export interface Proof {
  kiosk_id: string;
  signature: string;
}

/** Every ten seconds: an endpoint that misses two of them makes its line anew. */
export interface Pulse {
  type: "pulse";
  server_time: string;
}

/** How the call is at my end: what I tell my person, how my way to the relay is, and what was counted of late. ``loss_in`` and ``loss_out``: shares of packets lost on the way to me and from me; ``concealed``: of the speech that I made up. ``frames_per_second``, ``frame_height``: of the picture that comes. ``target_bitrate``: bits a second that I may send. What is not known is left out. */
export interface Quality {
  type: "quality";
  level: "good" | "fair" | "poor" | "voice" | "nothing";
  leg?: "good" | "bad" | null;
  loss_in?: number | null;
  loss_out?: number | null;
  concealed?: number | null;
  round_trip?: number | null;
  frames_per_second?: number | null;
  frame_height?: number | null;
  target_bitrate?: number | null;
}

/** One of the three steps to the keys of the next epoch: ``pk`` in the first, ``ct`` in the second. */
export interface Rekey {
  type: "rekey";
  step: number;
  epoch: number;
  pk?: string | null;
  ct?: string | null;
  mac: string;
}

/** Opaque to the server: the endpoints' own handshake. Relayed, base64url. */
export interface Seal {
  type: "seal";
  call_id: string;
  attempt: number;
  payload: string;
}

/** How soon the agency takes it up; least first. */
export type Urgency = "routine" | "urgent" | "immediate";

/** Who waits at this endpoint, after each change; empty when nobody does. */
export interface Waiting {
  type: "waiting";
  entries: ReadonlyArray<WaitingEntry>;
  office_present: boolean;
  server_time: string;
}

/** One citizen who waits at this kiosk or page. ``expected_wait``: seconds, an estimate; absent if unknown. */
export interface WaitingEntry {
  audience_id: string;
  reference: string;
  state: "booked" | "arrived" | "called-in" | "in-call" | "heard" | "concluded" | "cancelled" | "missed";
  slot_starts_at: string;
  position?: number | null;
  expected_wait?: number | null;
  interruptions?: number;
}

/** The line stands. ``server_time`` lets the endpoint count waiting times by the server's clock. */
export interface Welcome {
  type: "welcome";
  protocol: number;
  endpoint: "office" | "kiosk" | "citizen";
  name: BothNames;
  server_time: string;
}

export type ProblemCode = "invalid-input" | "invalid-national-id" | "invalid-mobile" | "invalid-text" | "invalid-date" | "days-backwards" | "days-too-many" | "invalid-case-number" | "due-date-passed" | "receipt-not-valid" | "attachment-refused" | "attachment-mistaken" | "attachment-broken" | "attachment-locked" | "attachment-active" | "attachments-full" | "attachment-not-kept" | "attachment-too-large" | "ticket-not-valid" | "not-found" | "method-not-allowed" | "too-large" | "slot-passed" | "quota-reached" | "too-early" | "hold-expired" | "offer-over" | "already-waiting" | "sittings-overlap" | "task-taken" | "case-closed" | "answered-already" | "notice-not-given" | "directive-settled" | "agency-closed" | "conflict" | "unlawful-transition" | "slot-taken" | "slot-not-offered" | "already-registered" | "already-booked" | "kiosk-busy" | "office-busy" | "venue-not-connected" | "stale" | "refused" | "not-signed-in" | "wrong-password" | "too-many-attempts" | "link-not-valid" | "link-expired" | "link-used-elsewhere" | "cross-site" | "csrf" | "kiosk-not-recognised" | "malformed" | "unknown-message" | "out-of-order" | "not-for-this-endpoint" | "message-too-large" | "too-many-messages" | "too-many-problems" | "protocol-version" | "hello-expected" | "replaced" | "no-such-call" | "unavailable" | "trust-not-set-up" | "issuer-away" | "server-away" | "server-other-version" | "server-answer-refused" | "busy" | "internal";
