using CsCheck;
using IrohRpc.Gossip.Calls;

namespace IrohRpc.Gossip.Tests.Calls;

/// <summary>What strangers can make of the content of a call.</summary>
public sealed class TopicCallTests
{
    private static readonly TopicId Topic = TopicId.FromName("calls");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_arrives_as_it_was_made(bool isSigned)
    {
        using SecretKey key = SecretKey.Generate();
        byte[] content = Write(key, isSigned, [7, 8, 9]);
        Assert.Null(TopicCall.Read(Topic, content, out TopicCall call));
        Assert.Equal(isSigned ? key.Id : null, call.Origin);
        Assert.Equal((1_700_000_000_000, 42UL), (call.Time, call.Nonce));
        Assert.Equal(new byte[] { 1, 0, 0, 0, 2, 0, 0, 0 }, call.Versions.ToArray());
        Assert.Equal(new byte[] { 7, 8, 9 }, call.Request.ToArray());
        Assert.True(TopicCall.Peek(content, out ReadOnlySpan<byte> versions));
        Assert.Equal(call.Versions.ToArray(), versions.ToArray());
    }

    [Fact]
    public void No_bit_of_a_signed_call_can_be_changed_and_no_byte_taken()
    {
        using SecretKey key = SecretKey.Generate();
        byte[] content = Write(key, isSigned: true, [7, 8, 9]);
        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            byte[] changed = [.. content];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            // Without the flag the signature would be read as the call's own bytes; nobody signed that, and it says so.
            if (TopicCall.Read(Topic, changed, out TopicCall call) is null)
            {
                Assert.Null(call.Origin);
            }
        }

        for (int length = 0; length < content.Length; length++)
        {
            Assert.NotNull(TopicCall.Read(Topic, content.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_signature_is_for_one_topic()
    {
        using SecretKey key = SecretKey.Generate();
        Assert.Contains("not signed", TopicCall.Read(TopicId.FromName("other"), Write(key, isSigned: true, []), out _), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception()
        => Gen.Byte.Array[0, 200].Sample(static bytes =>
        {
            byte[] content = [.. "irpc"u8, .. bytes];
            _ = TopicCall.Read(Topic, content, out _);
            _ = TopicCall.Peek(content, out _);
            _ = TopicCall.Read(Topic, bytes, out _);
            _ = TopicCall.Peek(bytes, out _);
        });

    private static byte[] Write(SecretKey key, bool isSigned, byte[] request)
        => TopicCall.Write(Topic, isSigned ? message => key.Sign(message) : null, key.Id, 1_700_000_000_000, 42, [1, 2], request);
}
