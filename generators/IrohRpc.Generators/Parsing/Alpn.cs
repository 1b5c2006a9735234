using System.Text;

namespace IrohRpc.Generators.Parsing;

/// <summary>The rules for an ALPN string of a contract.</summary>
internal static class Alpn
{
    /// <summary>TLS carries an ALPN behind a one-byte length (RFC 7301, section 3.1).</summary>
    private const int MaxBytes = 255;

    /// <summary>What is wrong with <paramref name="alpn"/>, as the rest of a sentence; null where nothing is.</summary>
    public static string? Problem(string alpn)
    {
        if (alpn.Length == 0)
        {
            return "is empty";
        }

        int bytes = Encoding.UTF8.GetByteCount(alpn);
        if (bytes > MaxBytes)
        {
            return $"has {bytes} bytes; TLS allows {MaxBytes}";
        }

        if (alpn.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return "has white space or control characters, which nobody would see in a log";
        }

        int slash = alpn.LastIndexOf('/');
        return slash <= 0 || slash == alpn.Length - 1
            ? "is not of the form \"name/version\", such as \"greeter/1\""
            : null;
    }

    /// <summary>The part before the version, by which signatures name a contract.</summary>
    public static string Family(string alpn)
    {
        int slash = alpn.LastIndexOf('/');
        return slash > 0 ? alpn.Substring(0, slash) : alpn;
    }
}
