namespace IrohRpc.Connections;

/// <summary>Wakes those who wait for something to become so, or for an end after which nothing changes.</summary>
/// <param name="end">The end.</param>
internal sealed class ChangeSignal(Task end)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;

    /// <summary>Something has changed: those who wait look again.</summary>
    public void Raise() => Volatile.Read(ref _changed)?.TrySetResult();

    /// <summary>Completes when it is so, or the end has come.</summary>
    public async Task WhenAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            TaskCompletionSource made = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource changed;
            lock (_gate)
            {
                if (_changed is null || _changed.Task.IsCompleted)
                {
                    _changed = made;
                }

                changed = _changed;
            }

            // Looks again: it may have become so before it could see that somebody waits.
            if (isSo())
            {
                return;
            }

            await Task.WhenAny(changed.Task, end).ConfigureAwait(false);
            if (end.IsCompleted)
            {
                return;
            }
        }
    }
}
