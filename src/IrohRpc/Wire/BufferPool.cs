using System.Buffers;

namespace IrohRpc.Wire;

/// <summary>Where the calls' buffers come from: the process's shared pool, or one that watches over what it lends, in tests.</summary>
internal static class BufferPool
{
    /// <summary>The pool behind. Replaced before the first rent, or never.</summary>
    public static ArrayPool<byte> Arrays { get; set; } = ArrayPool<byte>.Shared;

    /// <summary>Lends an array of at least <paramref name="length"/> bytes, which hold anything.</summary>
    public static byte[] Rent(int length) => Arrays.Rent(length);

    /// <summary>Takes an array back, once; nobody touches it from here on.</summary>
    public static void Return(byte[] array) => Arrays.Return(array);
}
