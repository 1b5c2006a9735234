using System.Numerics;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace IrohRpc.Fuzzing;

/// <summary>What SharpFuzz writes down while instrumented code runs: which branches were taken, and how often. Empty where the code was not instrumented.</summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;
    private const int Block = 64;

    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];

    public Coverage() => Trace.SharedMem = _map;

    /// <summary>Gives instrumented code that runs before any measurement a map to write to; without one it would crash.</summary>
    public static void Discard() => Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Size);

    /// <summary>How many branches were taken so far.</summary>
    public int Branches => _seen.Count(static seen => seen != 0);

    /// <summary>Begins a run.</summary>
    public void Begin()
    {
        new Span<byte>(_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Ends a run.</summary>
    /// <returns>Whether it took a branch that none has taken before, or took one much more often.</returns>
    public bool End()
    {
        bool isNew = false;
        var map = new ReadOnlySpan<byte>(_map, Size);

        // Few branches of many are taken, so that most blocks are skipped by vectors.
        for (int at = map.IndexOfAnyExcept((byte)0); at >= 0;)
        {
            int end = (at & ~(Block - 1)) + Block;
            for (; at < end; at++)
            {
                byte bucket = map[at] == 0 ? (byte)0 : (byte)(1 << Math.Min(7, BitOperations.Log2(map[at])));
                if ((_seen[at] | bucket) != _seen[at])
                {
                    _seen[at] |= bucket;
                    isNew = true;
                }
            }

            int next = map[at..].IndexOfAnyExcept((byte)0);
            at = next < 0 ? -1 : at + next;
        }

        return isNew;
    }
}
