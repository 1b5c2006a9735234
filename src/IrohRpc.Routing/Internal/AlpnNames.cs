using System.Text;

namespace IrohRpc.Internal;

/// <summary>The rules for ALPNs: 1 to 255 bytes of UTF-8 each (RFC 7301, section 3.1), and none twice in a list.</summary>
internal static class AlpnNames
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string[] Require(IEnumerable<string> alpns, string parameter)
    {
        ArgumentNullException.ThrowIfNull(alpns, parameter);
        string[] copy = [.. alpns];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string alpn in copy)
        {
            Require(alpn, parameter);
            if (!seen.Add(alpn))
            {
                throw new ArgumentException($"The ALPN \"{alpn}\" stands twice in the list.", parameter);
            }
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
