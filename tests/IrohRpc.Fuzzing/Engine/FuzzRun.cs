using System.Diagnostics;

namespace IrohRpc.Fuzzing;

/// <summary>Runs a target many times, on inputs that come from those which reached something new.</summary>
internal sealed class FuzzRun(FuzzTarget target, int seed)
{
    private const int MostCorpus = 4096;
    private const int LongestKept = 512;
    private const int MostKept = 64;
    private const int Attempts = 3;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private readonly Random _random = new(seed);
    private readonly Coverage _coverage = new();
    private readonly List<byte[]> _corpus = [];
    private readonly List<byte[]> _found = [];
    private byte[] _current = [];

    /// <summary>What has reached something new, as far as it is worth keeping.</summary>
    public IEnumerable<byte[]> Found => _found.Where(static input => input.Length <= LongestKept).OrderBy(static input => input.Length).Take(MostKept);

    public int Branches => _coverage.Branches;

    /// <summary>How many mutated inputs were run.</summary>
    public long Count { get; private set; }

    /// <summary>What the target takes now.</summary>
    public ReadOnlyMemory<byte> Current => _current;

    /// <summary>Runs the target.</summary>
    /// <returns>What is wrong, with the input that shows it; null where nothing is.</returns>
    public string? Run(long count)
    {
        foreach (byte[] input in Corpus.Load(target))
        {
            if (Try(input) is { } wrong)
            {
                return wrong;
            }

            _corpus.Add(input);
        }

        for (; Count < count; Count++)
        {
            byte[] input = Mutator.Mutate(_corpus[_random.Next(_corpus.Count)], _corpus[_random.Next(_corpus.Count)], _random);
            if (Try(input) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>Runs the target once.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Once(FuzzTarget target, byte[] input)
    {
        string? slow = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (Measure(target, input, out slow) is { } wrong)
            {
                return wrong;
            }

            if (slow is null)
            {
                return null;
            }
        }

        return slow;
    }

    // A machine with other work to do may leave a thread waiting for longer than any input should take.
    private static string? Measure(FuzzTarget target, byte[] input, out string? slow)
    {
        slow = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long began = Stopwatch.GetTimestamp();
        try
        {
            target.Run(input);
        }
        catch (Exception exception)
        {
            return $"{target.Name} {Convert.ToHexStringLower(input)}\n{exception}";
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > target.FreeBytes + (target.BytesPerByte * input.Length))
        {
            return $"{target.Name} {Convert.ToHexStringLower(input)}\n{allocated} bytes were allocated for {input.Length}";
        }

        TimeSpan took = Stopwatch.GetElapsedTime(began);
        slow = took > Slow ? $"{target.Name} {Convert.ToHexStringLower(input)}\nit took {took}" : null;
        return null;
    }

    private string? Try(byte[] input)
    {
        _current = input;
        _coverage.Begin();
        string? wrong = Once(target, input);
        if (_coverage.End() && _corpus.Count < MostCorpus)
        {
            _corpus.Add(input);
            _found.Add(input);
        }

        return wrong;
    }
}
