using System.Collections.Immutable;

namespace IrohRpc.Blobs.Getter;

/// <summary>The providers of one download: connects to them, gives them parts, and drops those that fail, stall or lie.</summary>
internal sealed class DownloadProviders(
    PeerEndpoint endpoint, BlobStore store, IReadOnlyList<EndpointAddress> addresses, BlobDownloadOptions options, DownloadState state) : IAsyncDisposable
{
    private readonly List<(EndpointAddress Address, PeerConnection? Connection)> _providers = [.. addresses.Select(static address => (address, (PeerConnection?)null))];

    public int Count
    {
        get
        {
            lock (_providers)
            {
                return Math.Min(options.MaxProviders, _providers.Count);
            }
        }
    }

    /// <summary>Gets parts from all providers at once, until everything is there.</summary>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.NoProvider"/>: nobody is left.</exception>
    public async ValueTask RunAsync(IEnumerable<DownloadPart> parts, CancellationToken cancellationToken)
    {
        using var queue = new PartQueue(store, options.TakeOverAfter, options.TimeProvider);
        foreach (DownloadPart part in parts)
        {
            queue.Add(part);
        }

        while (true)
        {
            (EndpointAddress Address, PeerConnection? Connection)[] providers;
            lock (_providers)
            {
                providers = [.. _providers.Take(options.MaxProviders)];
            }

            if (providers.Length == 0)
            {
                throw state.NobodyLeft();
            }

            Task[] workers = [.. providers.Select(provider => WorkAsync(queue, provider.Address, provider.Connection, cancellationToken))];
            await Task.WhenAll(workers).ConfigureAwait(false);
            if (await queue.TakeAsync(cancellationToken).ConfigureAwait(false) is not { } left)
            {
                return;
            }

            // Everybody of this turn was dropped; others may be waiting behind them.
            queue.Return(left);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((_, PeerConnection? connection) in _providers)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task WorkAsync(PartQueue queue, EndpointAddress address, PeerConnection? connection, CancellationToken cancellationToken)
    {
        try
        {
            if (connection is null)
            {
                using var whileNeeded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, queue.Finished);
                connection = await endpoint.DialAsync(address, BlobProtocol.Alpn, whileNeeded.Token).ConfigureAwait(false);
                lock (_providers)
                {
                    _providers[_providers.FindIndex(entry => entry.Address == address)] = (address, connection);
                }
            }

            state.ProviderJoined();
            try
            {
                await WorkAsync(queue, new BlobConnection(connection) { MaxBlobSize = options.MaxBlobSize }, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                state.ProviderLeft();
            }
        }
        catch (OperationCanceledException) when (connection is null && queue.Finished.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The others brought everything before this one could be reached; it is asked again when there is more.
        }
        catch (Exception failure) when (failure is PeerException or BlobException)
        {
            lock (_providers)
            {
                _providers.RemoveAll(entry => entry.Address == address);
            }

            state.Dropped(new BlobProviderDrop(address.Id, failure));
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WorkAsync(PartQueue queue, BlobConnection provider, CancellationToken cancellationToken)
    {
        while (await queue.TakeAsync(cancellationToken).ConfigureAwait(false) is { } taken)
        {
            using var pace = new ProviderPace(options.StallTimeout, options.MinBytesPerSecond, options.TimeProvider);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(pace.TooSlow, taken.Superseded.Token, cancellationToken);
            CancellationToken tooSlow = pace.TooSlow;
            try
            {
                await provider.GetChildrenAsync(
                    store, taken.Part.Root, taken.Part.Items, state.Stored, both.Token, pace.Received).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (taken.Superseded.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Another provider was faster.
            }
            catch (OperationCanceledException) when (tooSlow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new BlobException(BlobErrorKind.TooSlow, $"Peer {provider.Provider.ToShortString()} {pace.Finding}.");
            }
            finally
            {
                queue.Return(taken);
                state.Refresh();
            }
        }
    }
}
