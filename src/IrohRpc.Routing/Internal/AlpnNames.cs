using System.Text;

namespace IrohRpc.Routing.Internal;

/// <summary>The rules for ALPNs: 1 to 255 bytes of UTF-8 each (RFC 7301, section 3.1), and none twice in a list.</summary>
internal static class AlpnNames
{
    // A TLS extension counts its bytes in 16 bits, and some are left for what a transport adds.
    private const int MostBytes = 65_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string[] Require(IEnumerable<string> alpns, string parameter)
    {
        ArgumentNullException.ThrowIfNull(alpns, parameter);
        string[] copy = [.. alpns];
        int total = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string alpn in copy)
        {
            Require(alpn, parameter);
            if (!seen.Add(alpn))
            {
                throw new ArgumentException($"The ALPN \"{alpn}\" stands twice in the list.", parameter);
            }

            total += 1 + Strict.GetByteCount(alpn);
        }

        if (total > MostBytes)
        {
            throw new ArgumentException(
                $"The {copy.Length} ALPNs take {total} bytes in a handshake, which has room for {MostBytes}. Offer fewer, or shorter ones.", parameter);
        }

        return copy;
    }

    public static void Require(string alpn, string parameter)
    {
        ArgumentNullException.ThrowIfNull(alpn, parameter);
        int length;
        try
        {
            length = Strict.GetByteCount(alpn);
        }
        catch (EncoderFallbackException)
        {
            throw new ArgumentException($"The ALPN \"{alpn}\" is not valid Unicode: it has an unpaired surrogate.", parameter);
        }

        if (length is 0 or > 255)
        {
            throw new ArgumentException($"An ALPN has 1 to 255 bytes of UTF-8; \"{alpn}\" has {length}.", parameter);
        }
    }
}
