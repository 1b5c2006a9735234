using System.Numerics;

namespace IrohRpc.Identity.Internal;

/// <summary>Whether 32 bytes can be an Ed25519 public key at all. About half of all values are none, so that this finds every other mistyped key.</summary>
internal static class CurvePoint
{
    // RFC 8032, section 5.1: the prime 2^255 - 19 and the curve's d, -121665/121666.
    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = BigInteger.Parse("37095705934669439343138083508754565189542113879843219016388785533085940283555", null);

    /// <summary>Whether the bytes encode a point of the curve. It takes tens of microseconds: it is for what people paste, not for what peers send.</summary>
    /// <param name="encoded">The bytes of a public key.</param>
    public static bool IsValid(ReadOnlySpan<byte> encoded)
    {
        Span<byte> bytes = stackalloc byte[EndpointId.Size];
        encoded.CopyTo(bytes);
        bytes[^1] &= 0x7F;
        var y = new BigInteger(bytes, isUnsigned: true);

        // x² = (y² - 1) / (d y² + 1), and a quotient is a square where the product is one.
        BigInteger square = y * y % Prime;
        BigInteger product = (square - 1) * ((D * square) + 1) % Prime;
        return product.IsZero || BigInteger.ModPow(product.Sign < 0 ? product + Prime : product, (Prime - 1) / 2, Prime).IsOne;
    }
}
