namespace IrohRpc.Fuzzing;

/// <summary>A parser or a state machine, and what a fuzzer needs to know of it.</summary>
/// <param name="Name">Its name on the command line, and that of its corpus.</param>
/// <param name="Run">Takes bytes of a stranger. It throws what it may not throw, or what it finds to be wrong.</param>
/// <param name="Seeds">Right inputs to begin with.</param>
internal sealed record FuzzTarget(string Name, FuzzAction Run, Func<IEnumerable<byte[]>> Seeds)
{
    /// <summary>How many bytes one run may allocate, beside <see cref="BytesPerByte"/> for each byte of input.</summary>
    public long FreeBytes { get; init; } = 64 * 1024;

    /// <summary>How many bytes each byte of input may become.</summary>
    public long BytesPerByte { get; init; } = 64;

    /// <summary>How many runs a bounded pass makes: fewer where one is dear.</summary>
    public int Bounded { get; init; } = 20_000;
}

/// <summary>Takes one input.</summary>
internal delegate void FuzzAction(ReadOnlySpan<byte> input);

/// <summary>What a target finds to be wrong.</summary>
internal sealed class FuzzFinding(string message) : Exception(message);
