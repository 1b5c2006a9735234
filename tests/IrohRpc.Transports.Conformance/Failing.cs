namespace IrohRpc.Transports.Conformance;

/// <summary>What is to fail, and how.</summary>
public static class Failing
{
    /// <summary>Awaits a <see cref="PeerException"/> of one kind.</summary>
    public static async Task<PeerException> WithAsync(PeerErrorKind kind, Func<Task> operation)
    {
        PeerException exception = await Assert.ThrowsAsync<PeerException>(() => operation().Bounded());
        Assert.True(exception.Kind == kind, $"Expected {kind}, but got {exception.Kind}: {exception.Message}");
        Assert.False(string.IsNullOrWhiteSpace(exception.Message));
        return exception;
    }

    /// <summary>Awaits a <see cref="PeerException"/> of one kind and code.</summary>
    public static async Task<PeerException> WithAsync(PeerErrorKind kind, long errorCode, Func<Task> operation)
    {
        PeerException exception = await WithAsync(kind, operation);
        Assert.Equal(errorCode, exception.ErrorCode);
        return exception;
    }

    /// <inheritdoc cref="WithAsync(PeerErrorKind, Func{Task})"/>
    public static Task<PeerException> WithAsync(PeerErrorKind kind, Task operation) => WithAsync(kind, () => operation);

    /// <inheritdoc cref="WithAsync(PeerErrorKind, long, Func{Task})"/>
    public static Task<PeerException> WithAsync(PeerErrorKind kind, long errorCode, Task operation)
        => WithAsync(kind, errorCode, () => operation);
}
