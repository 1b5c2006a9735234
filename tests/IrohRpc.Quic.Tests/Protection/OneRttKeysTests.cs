using CsCheck;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Tests.Protection;

public class OneRttKeysTests
{
    private static readonly TimeSpan Pto = TimeSpan.FromMilliseconds(100);
    private static readonly ConnectionId Id = new([1, 2, 3, 4, 5, 6, 7, 8]);

    public static TheoryData<string> Suites => ["1301", "1302", "1303"];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Packets_pass_both_ways(string suite)
    {
        var pair = new Pair(suite);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(0, pair.Server.Open(pair.Client.Seal()).KeyPhase);
            Assert.Equal(0, pair.Client.Open(pair.Server.Seal()).KeyPhase);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void An_update_by_one_side_is_followed_by_the_other(string suite)
    {
        var pair = new Pair(suite);
        for (int phase = 1; phase < 6; phase++)
        {
            (Side initiator, Side follower) = phase % 2 == 0 ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
            pair.Confirm();
            pair.Now += 4 * Pto;
            Assert.True(initiator.Keys.TryUpdate(pair.Now));
            Assert.Equal(phase, follower.Open(initiator.Seal()).KeyPhase);
            Assert.Equal(phase, follower.Keys.KeyPhase);
            Assert.Equal(phase, initiator.Open(follower.Seal()).KeyPhase);
        }
    }

    [Fact]
    public void No_update_starts_before_the_handshake_is_confirmed_or_the_last_one_was_acknowledged()
    {
        var pair = new Pair("1301");
        pair.Server.Open(pair.Client.Seal());
        pair.Client.Keys.OnAcknowledged(0, 0);
        Assert.False(pair.Client.Keys.TryUpdate(pair.Now));
        pair.Client.Keys.OnHandshakeConfirmed();
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        Assert.False(pair.Client.Keys.TryUpdate(pair.Now));

        pair.Server.Open(pair.Client.Seal());
        pair.Client.Open(pair.Server.Seal());
        Assert.False(pair.Client.Keys.TryUpdate(pair.Now + (10 * Pto)));
        pair.Client.Keys.OnAcknowledged(1, 1);
        Assert.False(pair.Client.Keys.TryUpdate(pair.Now + (2 * Pto)));
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now + (3 * Pto)));
    }

    [Fact]
    public void Both_sides_may_update_at_once()
    {
        var pair = new Pair("1302");
        pair.Confirm();
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        Assert.True(pair.Server.Keys.TryUpdate(pair.Now));
        byte[] fromClient = pair.Client.Seal(), fromServer = pair.Server.Seal();
        Assert.Equal(1, pair.Server.Open(fromClient).KeyPhase);
        Assert.Equal(1, pair.Client.Open(fromServer).KeyPhase);
    }

    [Fact]
    public void A_late_packet_of_the_phase_before_is_opened_until_three_PTO_have_passed()
    {
        var pair = new Pair("1301");
        byte[] late = pair.Client.Seal(), tooLate = pair.Client.Seal();
        pair.Confirm();
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        Assert.Equal(1, pair.Server.Open(pair.Client.Seal()).KeyPhase);
        pair.Now += (3 * Pto) - TimeSpan.FromTicks(1);
        Assert.Equal(0, pair.Server.Open(late).KeyPhase);
        pair.Now += TimeSpan.FromTicks(1);
        Assert.False(pair.Server.TryOpen(tooLate, out _));
    }

    [Fact]
    public void The_initiator_keeps_old_keys_until_the_peer_has_followed()
    {
        var pair = new Pair("1301");
        pair.Confirm();
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        pair.Now += 100 * Pto;
        Assert.Equal(0, pair.Client.Open(pair.Server.Seal()).KeyPhase);
    }

    [Fact]
    public void Old_keys_after_new_ones_are_a_KEY_UPDATE_ERROR()
    {
        var pair = new Pair("1301");
        pair.Confirm();
        byte[] newer = pair.Client.SealNumber(50);
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        pair.Client.Number = 10;
        pair.Server.Open(pair.Client.Seal());
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => pair.Server.TryOpen(newer, out _));
        Assert.Equal(TransportErrorCode.KeyUpdateError, violation.Code);
    }

    [Fact]
    public void Two_updates_without_confirmation_are_a_KEY_UPDATE_ERROR()
    {
        var pair = new Pair("1301");
        pair.Confirm();
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        byte[] first = pair.Client.Seal();
        pair.Server.Open(first);

        // The client takes an acknowledgement for granted that the server never sent.
        pair.Client.Keys.OnAcknowledged(long.MaxValue - 1, 1);
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => pair.Server.TryOpen(pair.Client.Seal(), out _));
        Assert.Equal(TransportErrorCode.KeyUpdateError, violation.Code);
    }

    [Fact]
    public void New_packets_acknowledged_with_old_keys_are_a_KEY_UPDATE_ERROR()
    {
        var pair = new Pair("1301");
        pair.Confirm();
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        long number = pair.Client.Number;
        pair.Client.Seal();
        pair.Client.Keys.OnAcknowledged(number - 1, 0);
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => pair.Client.Keys.OnAcknowledged(number, 0));
        Assert.Equal(TransportErrorCode.KeyUpdateError, violation.Code);
    }

    [Fact]
    public void A_forged_phase_bit_changes_nothing()
    {
        var pair = new Pair("1301");
        pair.Confirm();
        for (int bit = 0; bit < 8; bit++)
        {
            byte[] packet = pair.Client.Seal();
            packet[0] ^= (byte)(1 << bit);
            Assert.False(pair.Server.TryOpen(packet, out _));
        }

        Assert.Equal(0, pair.Server.Keys.KeyPhase);
        Assert.Equal(0, pair.Server.Open(pair.Client.Seal()).KeyPhase);
    }

    [Fact]
    public void Reserved_bits_in_an_authentic_packet_are_a_violation()
    {
        foreach (byte bit in new byte[] { 0x08, 0x10 })
        {
            var pair = new Pair("1301");
            TransportViolationException violation = Assert.Throws<TransportViolationException>(() => pair.Server.TryOpen(pair.Client.Seal(bit), out _));
            Assert.Equal(TransportErrorCode.ProtocolViolation, violation.Code);
        }
    }

    [Fact]
    public void Keys_are_updated_before_they_wear_out()
    {
        var pair = new Pair("1301", new AeadLimits(200, 1000, 20));
        pair.Confirm();
        for (int i = 0; i < 1000; i++)
        {
            OpenedPacket there = pair.Server.Open(pair.Client.Seal());
            OpenedPacket back = pair.Client.Open(pair.Server.Seal());
            pair.Client.Keys.OnAcknowledged(there.PacketNumber, back.KeyPhase);
            pair.Server.Keys.OnAcknowledged(back.PacketNumber, there.KeyPhase);
            pair.Now += TimeSpan.FromMilliseconds(50);
            Assert.False(pair.Client.Keys.IsExhausted);
        }

        Assert.InRange(pair.Client.Keys.KeyPhase, 20, 60);
    }

    [Fact]
    public void A_key_that_cannot_be_updated_stops_at_its_limit()
    {
        var pair = new Pair("1301", new AeadLimits(100, 1000, 20));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i >= 100 - AeadLimits.ReservedForClose, pair.Client.Keys.IsExhausted);
            pair.Client.Seal();
        }

        Assert.Throws<InvalidOperationException>(() => pair.Client.Seal());
    }

    [Fact]
    public void Forged_packets_are_counted_across_key_updates()
    {
        var pair = new Pair("1301", new AeadLimits(1000, 3, 500));
        Assert.False(pair.Server.TryOpen([0x40, .. new byte[60]], out _));
        pair.Confirm();
        Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
        pair.Server.Open(pair.Client.Seal());
        Assert.False(pair.Server.TryOpen([0x40, .. new byte[60]], out _));
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => pair.Server.TryOpen([0x40, .. new byte[60]], out _));
        Assert.Equal(TransportErrorCode.AeadLimitReached, violation.Code);
    }

    [Fact]
    public void Packets_in_any_order_across_updates_are_opened_once_within_three_PTO()
        => Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int).Sample((before, after, seed) =>
        {
            var pair = new Pair("1301");
            pair.Confirm();
            List<byte[]> packets = [];
            for (int i = 0; i < before; i++)
            {
                packets.Add(pair.Client.Seal());
            }

            Assert.True(pair.Client.Keys.TryUpdate(pair.Now));
            for (int i = 0; i < after; i++)
            {
                packets.Add(pair.Client.Seal());
            }

            byte[][] shuffled = [.. packets];
            new Random(seed).Shuffle(shuffled);
            foreach (byte[] packet in shuffled)
            {
                pair.Server.Open(packet);
            }

            Assert.Equal(1, pair.Server.Keys.KeyPhase);
        });

    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        foreach (string suite in (string[])["1301", "1302", "1303"])
        {
            var pair = new Pair(suite);
            byte[] packet = new byte[1200];
            Span<byte> header = packet;
            long before = 0;
            for (int i = 0; i < 200; i++)
            {
                if (i == 100)
                {
                    before = GC.GetAllocatedBytesForCurrentThread();
                }

                int offset = PacketHeaderWriter.WriteShort(header, Id, false, i, 2);
                pair.Client.Keys.Seal(packet, offset, 2, i, pair.Now);
                if (!pair.Server.Keys.TryOpen(packet, offset, i - 1, pair.Now, Pto, out _))
                {
                    Assert.Fail("The packet was not opened.");
                }
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private sealed class Pair
    {
        public Pair(string suite, AeadLimits? limits = null)
        {
            CipherSuite cipher = suite switch
            {
                "1301" => CipherSuite.Aes128Gcm,
                "1302" => CipherSuite.Aes256Gcm,
                _ => CipherSuite.ChaCha20Poly1305,
            };
            byte[] client = new byte[cipher.HashLength], server = new byte[cipher.HashLength];
            client[0] = 1;
            server[0] = 2;
            Client = new Side(this, new OneRttKeys(cipher, client, server, limits));
            Server = new Side(this, new OneRttKeys(cipher, server, client, limits));
        }

        public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1);

        public Side Client { get; }

        public Side Server { get; }

        /// <summary>Makes an update possible on both sides.</summary>
        public void Confirm()
        {
            Client.Keys.OnHandshakeConfirmed();
            Server.Keys.OnHandshakeConfirmed();
            OpenedPacket there = Server.Open(Client.Seal());
            OpenedPacket back = Client.Open(Server.Seal());
            Client.Keys.OnAcknowledged(there.PacketNumber, back.KeyPhase);
            Server.Keys.OnAcknowledged(back.PacketNumber, there.KeyPhase);
        }
    }

    private sealed class Side(Pair pair, OneRttKeys keys)
    {
        private long _largest = -1;

        public OneRttKeys Keys => keys;

        public long Number { get; set; }

        public byte[] Seal(byte bits = 0)
        {
            byte[] packet = new byte[60];
            int offset = PacketHeaderWriter.WriteShort(packet, Id, spin: false, Number, 4);
            packet[0] |= bits;
            keys.Seal(packet, offset, 4, Number++, pair.Now);
            return packet;
        }

        public byte[] SealNumber(long number)
        {
            (long next, Number) = (Number, number);
            byte[] packet = Seal();
            Number = next;
            return packet;
        }

        public bool TryOpen(byte[] packet, out OpenedPacket opened)
        {
            bool isOpened = keys.TryOpen(packet, 9, _largest, pair.Now, Pto, out opened);
            _largest = isOpened ? Math.Max(_largest, opened.PacketNumber) : _largest;
            return isOpened;
        }

        public OpenedPacket Open(byte[] packet)
        {
            Assert.True(TryOpen(packet, out OpenedPacket opened));
            return opened;
        }
    }
}
