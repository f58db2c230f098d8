/* The load of `make bench-relay`: clients and peers of a relay, all on one core. Called from tests/support/relay_load.py.
 *
 * All clients are one socket and all peers another, each bound to any address: every packet names the address it comes
 * from (IP_PKTINFO), so that a thousand clients cost no more than one, and the relay is saturated before the load is.
 * Bursts go out by UDP_SEGMENT; the kernel makes single datagrams of them before the relay's socket sees them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum { BATCH = 64, BURST_LIMIT = 8, ROOM = 2048, HEADER = 4, SILENCE = 20000000, LOST = 1000000000 };

/* Addresses, ports and channels are in network order. One allocation, with the peer that its channel stands for. */
struct flow {
    uint32_t client, peer;
    uint16_t relayed_port, channel;
};

struct load {
    int clients, peers;
    uint32_t relay;
    uint16_t relay_port, peer_port;
    int process; /* whose processor time is read */
    int flows, payload, burst;
    const struct flow *table;
};

/* Packets of the whole run; of them those that arrived after the warm-up, and in that time nanoseconds by the clock and of
 * the relay's processor. Spoilt: what arrived and was not of this run, or not as long as it should be. */
struct counts {
    int64_t sent, received, spoilt, counted, elapsed, processor;
};

struct slot {
    struct iovec part;
    struct sockaddr_in to;
    _Alignas(8) char control[CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
    char bytes[BURST_LIMIT * ROOM];
};

struct run {
    const struct load *load;
    clockid_t processor;
    uint32_t mark; /* of this run: what is left of an earlier one is not ours */
    uint32_t number;
    int next; /* even: a client sends; odd: the peer of the same allocation */
    int64_t sent, received, spoilt;
};

static struct slot slots[BATCH];
static char came[BATCH][ROOM];

static int64_t now(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void begin(struct run *run, const struct load *load)
{
    static uint32_t mark;
    memset(run, 0, sizeof *run);
    run->load = load;
    run->mark = ++mark ^ (uint32_t)now(CLOCK_MONOTONIC) << 8;
    clock_getcpuclockid(load->process, &run->processor);
}

/* Puts the next packets of one allocation into a slot: `burst` of them, from its client or from its peer. */
static void fill(struct run *run, struct slot *slot, struct msghdr *message, int by_peer, int at, int burst, int direct)
{
    const struct load *load = run->load;
    const struct flow *flow = &load->table[at];
    int header = by_peer || direct ? 0 : HEADER, size = header + load->payload;
    for (int i = 0; i < burst; i++) {
        char *packet = slot->bytes + i * size;
        uint16_t length = htons((uint16_t)load->payload);
        uint32_t tag[2] = {run->mark, run->number++};
        if (header) {
            memcpy(packet, &flow->channel, 2);
            memcpy(packet + 2, &length, 2);
        }
        memcpy(packet + header, tag, sizeof tag);
    }
    slot->part = (struct iovec){slot->bytes, (size_t)(burst * size)};
    slot->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = load->relay_port, .sin_addr.s_addr = load->relay};
    if (by_peer)
        slot->to.sin_port = flow->relayed_port;
    if (direct) {
        slot->to.sin_port = load->peer_port;
        slot->to.sin_addr.s_addr = flow->peer;
    }
    *message = (struct msghdr){&slot->to, sizeof slot->to, &slot->part, 1, slot->control, sizeof slot->control, 0};
    struct cmsghdr *control = CMSG_FIRSTHDR(message);
    struct in_pktinfo from = {.ipi_spec_dst.s_addr = by_peer ? flow->peer : flow->client};
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof from);
    memcpy(CMSG_DATA(control), &from, sizeof from);
    message->msg_controllen = CMSG_SPACE(sizeof from);
    if (burst > 1) {
        uint16_t segment = (uint16_t)size;
        control = (struct cmsghdr *)(slot->control + CMSG_SPACE(sizeof from));
        control->cmsg_level = IPPROTO_UDP;
        control->cmsg_type = UDP_SEGMENT;
        control->cmsg_len = CMSG_LEN(sizeof segment);
        memcpy(CMSG_DATA(control), &segment, sizeof segment);
        message->msg_controllen += CMSG_SPACE(sizeof segment);
    }
}

static int all_sent(int socket, struct mmsghdr *messages, int count)
{
    for (int done = 0; done < count;) {
        int sent = sendmmsg(socket, messages + done, (unsigned)(count - done), 0);
        if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
            return -errno;
        done += sent > 0 ? sent : 0;
    }
    return 0;
}

/* Sends `count` times `burst` packets, client and peer of one allocation after the other. */
static int send_next(struct run *run, int count, int burst)
{
    struct mmsghdr of[2][BATCH];
    int used[2] = {0, 0};
    memset(of, 0, sizeof of);
    for (int i = 0; i < count; i++) {
        int by_peer = run->next & 1, at = run->next >> 1;
        fill(run, &slots[i], &of[by_peer][used[by_peer]++].msg_hdr, by_peer, at, burst, 0);
        run->next = (run->next + 1) % (2 * run->load->flows);
    }
    int first = all_sent(run->load->clients, of[0], used[0]);
    int second = all_sent(run->load->peers, of[1], used[1]);
    run->sent += (int64_t)count * burst;
    return first ? first : second;
}

/* Takes what has come to one side; a client gets ChannelData. The number of packets. */
static int take(struct run *run, int by_peer)
{
    const struct load *load = run->load;
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){came[i], ROOM};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int header = by_peer ? 0 : HEADER, mine = 0;
    int got = recvmmsg(by_peer ? load->peers : load->clients, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) {
        uint32_t mark;
        memcpy(&mark, came[i] + header, sizeof mark);
        if (mark == run->mark && messages[i].msg_len == (unsigned)(header + load->payload))
            mine++;
        else
            run->spoilt++;
    }
    run->received += mine;
    return mine;
}

/* Keeps `window` packets on their way for so many seconds, a fifth of them to warm up. 0, or -errno. */
int saturate(const struct load *load, int window, double seconds, struct counts *out)
{
    struct run run;
    begin(&run, load);
    int64_t started = now(CLOCK_MONOTONIC), warm = started + (int64_t)(seconds * 0.2e9);
    int64_t ends = started + (int64_t)(seconds * 1e9), last = started, at = started;
    int64_t counted_from = 0, received_before = 0, processor = 0, given_up = 0;
    while (at < ends) {
        int64_t received = run.received;
        take(&run, 0);
        take(&run, 1);
        at = now(CLOCK_MONOTONIC);
        if (run.received > received)
            last = at;
        else if (at - last > SILENCE) { /* what has not come by now will not come */
            given_up = run.sent - run.received;
            last = at;
        }
        if (given_up > run.sent - run.received) /* and yet some did */
            given_up = run.sent - run.received;
        int64_t under_way = run.sent - run.received - given_up;
        int room = (int)((window - under_way) / load->burst);
        if (room > 0) {
            int failed = send_next(&run, room < BATCH ? room : BATCH, load->burst);
            if (failed)
                return failed;
        }
        if (!counted_from && at >= warm) {
            counted_from = at;
            received_before = run.received;
            processor = now(run.processor);
        }
    }
    out->counted = run.received - received_before;
    out->elapsed = at - counted_from;
    out->processor = now(run.processor) - processor;
    while (now(CLOCK_MONOTONIC) - at < 2 * SILENCE) {
        take(&run, 0);
        take(&run, 1);
    }
    out->sent = run.sent;
    out->received = run.received;
    out->spoilt = run.spoilt;
    return 0;
}

/* Sends one packet at a time, so many a second, evenly. The processor's time is that of all of it. 0, or -errno. */
int pace(const struct load *load, double rate, double seconds, struct counts *out)
{
    struct run run;
    begin(&run, load);
    int64_t started = now(CLOCK_MONOTONIC), processor = now(run.processor), at = started;
    int64_t ends = started + (int64_t)(seconds * 1e9);
    while ((at = now(CLOCK_MONOTONIC)) < ends + SILENCE) {
        if (at < ends && (double)(at - started) * rate / 1e9 >= (double)run.sent) {
            int failed = send_next(&run, 1, 1);
            if (failed)
                return failed;
        }
        take(&run, 0);
        take(&run, 1);
    }
    processor = now(run.processor) - processor;
    *out = (struct counts){run.sent, run.received, run.spoilt, run.received, ends - started, processor};
    return 0;
}

/* Waits for one packet of this run on one side: the time, or 0 when it is lost. */
static int64_t arrival(struct run *run, int by_peer, int64_t since)
{
    for (;;) {
        int64_t before = run->received;
        take(run, by_peer);
        int64_t at = now(CLOCK_MONOTONIC);
        if (run->received > before)
            return at;
        if (at - since > LOST)
            return 0;
    }
}

/* Out from a client to its peer and back, `count` times, so many a second; `direct`: without a relay between them.
 * Writes nanoseconds, 0 for what did not come back. 0, or -errno. */
int ping(const struct load *load, int direct, double rate, int count, int64_t *ways)
{
    struct run run;
    struct mmsghdr message;
    struct sockaddr_in from;
    begin(&run, load);
    int64_t started = now(CLOCK_MONOTONIC);
    for (int i = 0; i < count; i++) {
        int at = i % load->flows, failed;
        while ((double)(now(CLOCK_MONOTONIC) - started) * rate / 1e9 < i)
            ;
        run.mark++; /* what comes late of the one before is not taken for this one */
        memset(&message, 0, sizeof message);
        fill(&run, &slots[0], &message.msg_hdr, 0, at, 1, direct);
        int64_t left = now(CLOCK_MONOTONIC);
        if ((failed = all_sent(load->clients, &message, 1)))
            return failed;
        ways[i] = 0;
        if (!arrival(&run, 1, left))
            continue;
        memset(&message, 0, sizeof message);
        fill(&run, &slots[0], &message.msg_hdr, 1, at, 1, 0);
        if (direct) { /* back to the client's own socket, framed as it expects */
            socklen_t length = sizeof from;
            uint16_t size = htons((uint16_t)load->payload);
            getsockname(load->clients, (struct sockaddr *)&from, &length);
            slots[0].to.sin_port = from.sin_port;
            slots[0].to.sin_addr.s_addr = load->table[at].client;
            memmove(slots[0].bytes + HEADER, slots[0].bytes, (size_t)load->payload);
            memcpy(slots[0].bytes, &load->table[at].channel, 2);
            memcpy(slots[0].bytes + 2, &size, 2);
            slots[0].part.iov_len += HEADER;
        }
        if ((failed = all_sent(load->peers, &message, 1)))
            return failed;
        int64_t back = arrival(&run, 0, left);
        ways[i] = back ? back - left : 0;
    }
    return 0;
}
