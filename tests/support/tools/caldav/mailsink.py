#!/usr/bin/env python3
"""Tiny loopback SMTP sink: mailsink.py PORT OUTDIR  (stores messages, relays nothing)."""

import asyncio, os, sys, time

port, out = int(sys.argv[1]), sys.argv[2]
os.makedirs(out, exist_ok=True)
n = 0


async def handle(r, w):
    global n

    def say(s):
        w.write((s + "\r\n").encode())

    say("220 sink")
    rcpt = []
    frm = ""
    while True:
        line = await r.readline()
        if not line:
            break
        c = line.decode("latin1").strip()
        u = c.upper()
        if u.startswith(("EHLO", "HELO", "LHLO")):
            say("250 sink")
        elif u.startswith("MAIL"):
            frm = c
            rcpt = []
            say("250 ok")
        elif u.startswith("RCPT"):
            rcpt.append(c)
            say("250 ok")
        elif u == "DATA":
            say("354 go")
            await w.drain()
            buf = []
            while True:
                l = await r.readline()
                if not l or l == b".\r\n":
                    break
                buf.append(l)
            n += 1
            with open(os.path.join(out, f"{time.time():.4f}-{n}.eml"), "wb") as f:
                f.write(f"X-Envelope: {frm} {rcpt}\n".encode() + b"".join(buf))
            say("250 stored")
        elif u == "QUIT":
            say("221 bye")
            break
        else:
            say("250 ok")
        await w.drain()
    w.close()


async def main():
    s = await asyncio.start_server(handle, "127.0.0.1", port)
    async with s:
        await s.serve_forever()


asyncio.run(main())
