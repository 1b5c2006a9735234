using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>
/// Overwrites what comes back to it, so that whoever still reads a returned buffer gets nonsense and fails its test, and notes what comes back twice
/// or was never lent.
/// </summary>
internal sealed class PoisoningPool : ArrayPool<byte>
{
    private const byte Poison = 0xdb;

    // What is never returned stays in it, which the tests can afford; a set that is used again and again allocates nothing, as the pool behind.
    private readonly HashSet<byte[]> _lent = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();

    /// <summary>What was returned wrongly, with the stack that did it.</summary>
    public static ConcurrentQueue<string> Wrongs { get; } = new();

    /// <summary>All buffers of this program's calls come from one.</summary>
    [ModuleInitializer]
    internal static void Install() => BufferPool.Arrays = new PoisoningPool();

    public override byte[] Rent(int minimumLength)
    {
        byte[] array = Shared.Rent(minimumLength);
        array.AsSpan().Fill(Poison);
        lock (_gate)
        {
            _lent.Add(array);
        }

        return array;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        bool wasLent;
        lock (_gate)
        {
            wasLent = _lent.Remove(array);
        }

        if (!wasLent)
        {
            Wrongs.Enqueue($"A buffer of {array.Length} bytes came back that was not lent:\n{Environment.StackTrace}");
            return;
        }

        array.AsSpan().Fill(Poison);
        Shared.Return(array);
    }
}
