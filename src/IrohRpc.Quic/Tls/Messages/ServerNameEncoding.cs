using System.Text;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>The server name that iroh's clients send: the peer's id in base32hex, as a name below <c>iroh.invalid</c>.</summary>
internal static class ServerNameEncoding
{
    private const string Suffix = ".iroh.invalid";

    private static ReadOnlySpan<byte> Alphabet => "0123456789abcdefghijklmnopqrstuv"u8;

    /// <summary>The server name for a peer.</summary>
    /// <param name="peer">The peer's id.</param>
    public static string Encode(EndpointId peer)
    {
        Span<byte> id = stackalloc byte[EndpointId.Size];
        peer.CopyTo(id);
        var name = new StringBuilder(52 + Suffix.Length);
        int bits = 0;
        int pending = 0;
        foreach (byte value in id)
        {
            pending = (pending << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                name.Append((char)Alphabet[(pending >> bits) & 31]);
            }
        }

        // 256 bits leave one over.
        name.Append((char)Alphabet[(pending << (5 - bits)) & 31]);
        return name.Append(Suffix).ToString();
    }
}
