using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IrohRpc.Tests;

/// <summary>Ids as docs/protocol.md derives them, worked out a second time; the generator writes them as constants.</summary>
internal static class WireIds
{
    public static uint Name(string wireName) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(wireName)));

    public static ulong Signature(string signature) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(signature)));
}
