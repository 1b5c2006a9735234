using IrohRpc.Routing.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>The listeners of an endpoint as one: they agree to the same ALPNs and go away together.</summary>
internal sealed class ListenerSet(IReadOnlyList<ITransportListener> listeners, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _changes = new(1);
    private readonly Lock _lock = new();
    private Task? _disposal;

    public IReadOnlyList<ITransportListener> Listeners => listeners;

    /// <summary>
    /// Sets the ALPNs of every listener. Changes happen one after the other, and each reads the list when its turn comes, so that the last one leaves
    /// the listeners at the newest list.
    /// </summary>
    /// <param name="current">Yields the list.</param>
    /// <param name="cancellationToken">Gives up; the listeners then stand at the old or the new list.</param>
    /// <exception cref="ObjectDisposedException">The endpoint closes.</exception>
    public async ValueTask SetAlpnsAsync(Func<IReadOnlyList<string>> current, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<string> alpns = current();
            foreach (ITransportListener listener in listeners)
            {
                await listener.SetAlpnsAsync(alpns, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Stops listening. Never throws; happens once.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new(_disposal ??= Task.WhenAll(listeners.Select(DisposeAsync)));
        }
    }

    private async Task DisposeAsync(ITransportListener listener)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            RoutingLog.ListenerNotDisposed(logger, exception);
        }
    }
}
