using System.Diagnostics;
using IrohRpc.Blobs.Provider;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Blobs;

/// <summary>
/// Serves the blobs of a store to peers: map it to <see cref="BlobProtocol.Alpn"/> on a router. Every byte is verified before it is sent.
/// Safe for any number of connections at once.
/// </summary>
public sealed class BlobProvider : IProtocolHandler
{
    private readonly BlobStore _store;
    private readonly BlobProviderOptions _options;
    private readonly RateLimit _allBytes;
    private readonly ILogger _logger;
    private long _requests;

    /// <summary>Makes a provider.</summary>
    /// <param name="store">What it serves; it stays the caller's.</param>
    /// <param name="options">What it permits; null for the defaults. Not to be changed afterwards.</param>
    public BlobProvider(BlobStore store, BlobProviderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = options ?? new();
        _allBytes = new RateLimit(_options.MaxBytesPerSecond, _options.TimeProvider);
        _logger = _options.LoggerFactory.CreateLogger<BlobProvider>();
    }

    /// <inheritdoc/>
    public async ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var requestRate = new RateLimit(_options.MaxRequestsPerSecond, _options.TimeProvider);
        var byteRate = new RateLimit(_options.MaxBytesPerSecondPerConnection, _options.TimeProvider);
        using var slots = new SemaphoreSlim(_options.MaxConcurrentRequests);
        var running = new HashSet<Task>();
        Raise(new BlobProviderEvent.Connected(connection.PeerId));
        try
        {
            while (true)
            {
                await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
                PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
                Task task = ServeAsync(connection, stream, requestRate, byteRate, slots);
                lock (running)
                {
                    running.Add(task);
                }

                _ = task.ContinueWith(
                    done =>
                    {
                        lock (running)
                        {
                            running.Remove(done);
                        }
                    },
                    CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        catch (PeerException)
        {
            // The connection ended, which is how every one of them does.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The router shuts down: what is being answered is finished, for as long as draining may take.
        }
        finally
        {
            Task[] left;
            lock (running)
            {
                left = [.. running];
            }

            await Task.WhenAll(left).ConfigureAwait(false);
            Raise(new BlobProviderEvent.Disconnected(connection.PeerId));
        }
    }

    private async Task ServeAsync(PeerConnection connection, PeerStream stream, RateLimit requestRate, RateLimit byteRate, SemaphoreSlim slots)
    {
        // Continues elsewhere, so that the next stream is accepted at once.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        long id = Interlocked.Increment(ref _requests);
        long start = Stopwatch.GetTimestamp();
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                var request = new ProviderRequest(_store, _options, connection, stream, id)
                {
                    Raise = Raise,
                    Authorize = AuthorizeAsync,
                    BeforeWrite = async (count, cancellationToken) =>
                    {
                        await byteRate.WaitAsync(count, cancellationToken).ConfigureAwait(false);
                        await _allBytes.WaitAsync(count, cancellationToken).ConfigureAwait(false);
                    },
                };
                try
                {
                    if (!requestRate.TryTake())
                    {
                        throw new BlobException(
                            BlobErrorKind.LimitReached, $"More than {_options.MaxRequestsPerSecond} requests a second came over one connection.");
                    }

                    long bytes = await request.RunAsync().ConfigureAwait(false);
                    Raise(new BlobProviderEvent.Completed(connection.PeerId, id, bytes, Stopwatch.GetElapsedTime(start)));
                }
                catch (Exception failure)
                {
                    long code = CodeOf(failure);
                    stream.AbortRead(code);
                    stream.AbortWrite(code);
                    throw;
                }
            }
        }
        catch (Exception failure)
        {
            if (failure is BlobException { Kind: BlobErrorKind.Damaged })
            {
                ProviderLog.Damaged(_logger, failure);
            }
            else
            {
                ProviderLog.RequestFailed(_logger, connection.PeerId, failure);
            }

            Raise(new BlobProviderEvent.Aborted(connection.PeerId, id, failure));
        }
        finally
        {
            slots.Release();
        }
    }

    private static long CodeOf(Exception failure) => failure switch
    {
        BlobException { Kind: BlobErrorKind.Forbidden } => BlobProtocol.ForbiddenCode,
        BlobException { Kind: BlobErrorKind.LimitReached } or TimeoutException => BlobProtocol.LimitCode,
        _ => BlobProtocol.InternalCode,
    };

    private async ValueTask<bool> AuthorizeAsync(BlobAccess access)
    {
        if (_options.Authorize is null)
        {
            return access.Kind != BlobRequestKind.Push;
        }

        try
        {
            return await _options.Authorize(access, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A rule is the user's code: whatever it throws is a no.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            ProviderLog.AuthorizeThrew(_logger, failure);
            return false;
        }
    }

    private void Raise(BlobProviderEvent happened) => _options.OnEvent?.Invoke(happened);
}
