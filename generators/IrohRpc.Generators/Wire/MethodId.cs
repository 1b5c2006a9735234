using System.Security.Cryptography;
using System.Text;

namespace IrohRpc.Generators.Wire;

/// <summary>The ids of docs/protocol.md, section "Method ids".</summary>
internal static class MethodId
{
    /// <summary>The first four bytes of SHA-256 over <paramref name="wireName"/>, little-endian.</summary>
    public static uint OfName(string wireName) => (uint)FirstBytes(wireName, 4);

    /// <summary>The first eight bytes of SHA-256 over <paramref name="signature"/>, little-endian.</summary>
    public static ulong OfSignature(string signature) => FirstBytes(signature, 8);

    private static ulong FirstBytes(string text, int count)
    {
        using var sha256 = SHA256.Create();
        byte[] hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(text));
        ulong id = 0;
        for (int i = count - 1; i >= 0; i--)
        {
            id = (id << 8) | hash[i];
        }

        return id;
    }
}
