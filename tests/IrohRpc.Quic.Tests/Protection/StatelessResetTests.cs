using CsCheck;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Tests.Protection;

public class StatelessResetTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void A_token_depends_on_key_and_connection_id_only()
    {
        Assert.Equal(Token(Key, [1, 2, 3]), Token(Key, [1, 2, 3]));
        Assert.NotEqual(Token(Key, [1, 2, 3]), Token(Key, [1, 2, 4]));
        Assert.NotEqual(Token(Key, [1, 2, 3]), Token([.. Key.Reverse()], [1, 2, 3]));
    }

    [Fact]
    public void A_reset_is_recognized_by_its_token_only()
    {
        byte[] token = Token(Key, [1, 2, 3]);
        byte[] datagram = new byte[64];
        int length = StatelessReset.Write(datagram, 1200, token);
        Assert.True(StatelessReset.Matches(datagram.AsSpan(0, length), token));
        Assert.False(StatelessReset.Matches(datagram.AsSpan(0, length), Token(Key, [1, 2, 4])));
        Assert.False(StatelessReset.Matches(datagram.AsSpan(0, length - 1), token));
    }

    [Fact]
    public void A_reset_looks_like_a_short_header_is_long_enough_and_shorter_than_what_it_answers()
    {
        byte[] token = Token(Key, [9]);
        Gen.Int[0, 2000].Sample(received =>
        {
            byte[] datagram = new byte[64];
            int length = StatelessReset.Write(datagram, received, token);
            if (received <= StatelessReset.MinLength)
            {
                Assert.Equal(0, length);
                return;
            }

            Assert.InRange(length, StatelessReset.MinLength, received - 1);
            Assert.Equal(0x40, datagram[0] & 0xc0);
        });
    }

    [Fact]
    public void Two_endpoints_that_answer_each_others_resets_run_dry()
    {
        byte[] datagram = new byte[64];
        int rounds = 0;
        for (int length = 1200; length > 0; length = StatelessReset.Write(datagram, length, new byte[16]))
        {
            rounds++;
        }

        Assert.InRange(rounds, 1, 64);
    }

    [Fact]
    public void A_failed_opening_leaves_the_token_of_the_shortest_reset_readable()
    {
        byte[] token = Token(Key, [7]);
        for (int received = StatelessReset.MinLength + 1; received < 80; received++)
        {
            byte[] datagram = new byte[64];
            int length = StatelessReset.Write(datagram, received, token);
            using var keys = new OneRttKeys(IrohRpc.Quic.Cryptography.CipherSuite.Aes128Gcm, new byte[32], new byte[32]);
            Assert.False(keys.TryOpen(datagram.AsSpan(0, length), 9, -1, TimeSpan.Zero, TimeSpan.Zero, out _));
            Assert.True(StatelessReset.Matches(datagram.AsSpan(0, length), token));
        }
    }

    private static byte[] Token(byte[] key, byte[] id)
    {
        byte[] token = new byte[StatelessReset.TokenLength];
        StatelessReset.DeriveToken(key, new ConnectionId(id), token);
        return token;
    }
}
