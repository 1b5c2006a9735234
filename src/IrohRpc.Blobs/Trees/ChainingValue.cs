using System.Runtime.CompilerServices;
using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>The 32 bytes that a subtree hashes to.</summary>
[InlineArray(Blake3.HashSize)]
internal struct ChainingValue
{
    private byte _first;

    public static ChainingValue From(ReadOnlySpan<byte> bytes)
    {
        var value = default(ChainingValue);
        bytes.CopyTo(value);
        return value;
    }

    public static ChainingValue From(BlobHash hash)
    {
        var value = default(ChainingValue);
        hash.CopyTo(value);
        return value;
    }

    public readonly bool Matches(ReadOnlySpan<byte> other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);
}
