using IrohRpc;
using MemoryPack;

namespace Chat;

/// <summary>
/// Something that was said. It is signed by its author although the call that brings it is signed too: later it comes from another member's memory.
/// </summary>
/// <param name="Author">The author's id.</param>
/// <param name="Name">What the author is called.</param>
/// <param name="Text">What is said.</param>
/// <param name="Time">When, by the author's clock.</param>
/// <param name="Signature">The author's signature over the room and all of these.</param>
[MemoryPackable]
internal sealed partial record ChatLine(byte[] Author, string Name, string Text, DateTimeOffset Time, byte[] Signature)
{
    public const int MaxNameLength = 40;
    public const int MaxTextLength = 2000;

    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(2);

    public static ChatLine Sign(SecretKey key, string room, string name, string text, DateTimeOffset time)
    {
        byte[] author = key.Id.ToByteArray();
        return new ChatLine(author, name, text, time, key.Sign(Signed(room, author, name, text, time)));
    }

    /// <summary>Whether a line of anybody is what its author said in a room.</summary>
    public bool IsGenuine(string room, DateTimeOffset now)
        => Author is { Length: EndpointId.Size }
            && Signature is { Length: SecretKey.SignatureSize }
            && Name is { Length: > 0 and <= MaxNameLength }
            && Text is { Length: > 0 and <= MaxTextLength }
            && Time - now <= MaxAhead
            && new EndpointId(Author).Verify(Signed(room, Author, Name, Text, Time), Signature);

    private static byte[] Signed(string room, byte[] author, string name, string text, DateTimeOffset time)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("irohrpc-chat line");
        writer.Write(room);
        writer.Write(author);
        writer.Write(name);
        writer.Write(text);
        writer.Write(time.UtcTicks);
        return bytes.ToArray();
    }
}
