// A client of pion's TURN library by TLS, since none of its examples is: an echo at the relayed address, which must give
// back all that is sent to it. Prints the relayed address and what came back; exit status 1 when something did not.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"time"

	"github.com/pion/turn/v2"
)

const patience = 15 * time.Second

func main() {
	address := flag.String("address", "", "host:port of the relay")
	user := flag.String("user", "", "user=password")
	authority := flag.String("authority", "", "whom to trust (PEM)")
	flag.Parse()

	pem, err := os.ReadFile(*authority)
	must(err)
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(pem) {
		log.Fatal("no certificate in ", *authority)
	}
	stream, err := tls.Dial("tcp", *address, &tls.Config{RootCAs: trusted, NextProtos: []string{"stun.turn"}})
	must(err)
	state := stream.ConnectionState()
	fmt.Printf("tls=%x alpn=%s\n", state.Version, state.NegotiatedProtocol)

	name, password, _ := strings.Cut(*user, "=")
	client, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: *address, TURNServerAddr: *address, Conn: turn.NewSTUNConn(stream),
		Username: name, Password: password,
	})
	must(err)
	must(client.Listen())
	relayed, err := client.Allocate()
	must(err)
	fmt.Printf("relayed-address=%s\n", relayed.LocalAddr())

	peer, err := net.ListenUDP("udp4", &net.UDPAddr{IP: stream.LocalAddr().(*net.TCPAddr).IP})
	must(err)
	// What is sent to the peer makes the permission by which it may answer.
	_, err = relayed.WriteTo([]byte("hello"), peer.LocalAddr())
	must(err)
	expect(peer, relayed.LocalAddr(), []byte("hello"))
	go echo(relayed)
	// From five bytes on: of a stream pion reads no frame of less than nine until the next one comes.
	for size := 5; size <= 1200; size += 17 {
		sent := bytes.Repeat([]byte{byte(size)}, size)
		_, err = peer.WriteTo(sent, relayed.LocalAddr())
		must(err)
		expect(peer, relayed.LocalAddr(), sent)
		fmt.Printf("%d bytes came back\n", size)
	}
	must(relayed.Close())
	must(stream.Close())
}

func echo(relayed net.PacketConn) {
	buffer := make([]byte, 2048)
	for {
		size, from, err := relayed.ReadFrom(buffer)
		if err != nil {
			return
		}
		if _, err = relayed.WriteTo(buffer[:size], from); err != nil {
			return
		}
	}
}

func expect(peer *net.UDPConn, sender net.Addr, expected []byte) {
	must(peer.SetReadDeadline(time.Now().Add(patience)))
	buffer := make([]byte, 2048)
	size, from, err := peer.ReadFrom(buffer)
	must(err)
	if from.String() != sender.String() || !bytes.Equal(buffer[:size], expected) {
		log.Fatalf("%d bytes from %s, and not %d from %s", size, from, len(expected), sender)
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
