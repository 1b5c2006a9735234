using System.Security.Cryptography;
using System.Text;

namespace IrohRpc.Quic.Cryptography;

/// <summary>HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1).</summary>
internal static class HkdfLabel
{
    private static ReadOnlySpan<byte> Prefix => "tls13 "u8;

    /// <summary>Derives bytes from a secret.</summary>
    /// <param name="hash">The hash of the cipher suite.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="label">The label without its prefix: at most 249 ASCII characters.</param>
    /// <param name="context">The context: at most 255 bytes.</param>
    /// <param name="output">Takes as many bytes as it has room for.</param>
    public static void Expand(
        HashAlgorithmName hash, ReadOnlySpan<byte> secret, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[2 + 1 + 255 + 1 + 255];
        info[0] = (byte)(output.Length >> 8);
        info[1] = (byte)output.Length;
        Prefix.CopyTo(info[3..]);
        int labelLength = Prefix.Length + Encoding.ASCII.GetBytes(label, info[(3 + Prefix.Length)..(3 + 255)]);
        info[2] = (byte)labelLength;
        int written = 3 + labelLength;
        info[written++] = checked((byte)context.Length);
        context.CopyTo(info[written..]);
        HKDF.Expand(hash, secret, output, info[..(written + context.Length)]);
    }
}
