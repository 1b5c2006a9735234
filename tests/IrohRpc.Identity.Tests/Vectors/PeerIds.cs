using System.Numerics;

namespace IrohRpc.Tests;

/// <summary>Reads the Ed25519 peer ids of libp2p: base58btc of an identity multihash around the protobuf of the key.</summary>
internal static class PeerIds
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static EndpointId ReadEd25519(string peerId)
    {
        BigInteger number = peerId.Aggregate(BigInteger.Zero, (sum, c) => (sum * 58) + Alphabet.IndexOf(c, StringComparison.Ordinal));
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);

        // 00 would lead (identity multihash), but a number has no leading zeros; "1" stands for it in base58.
        Assert.StartsWith("1", peerId, StringComparison.Ordinal);
        Assert.Equal([0x24, 0x08, 0x01, 0x12, 0x20], bytes[..5]);
        return new EndpointId(bytes.AsSpan(5));
    }
}
