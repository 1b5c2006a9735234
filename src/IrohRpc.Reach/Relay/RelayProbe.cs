namespace IrohRpc.Reach.Relay;

/// <summary>Measures the way to relays: how long each takes to answer a request for <c>/ping</c>.</summary>
internal sealed class RelayProbe(RelayNetworkOptions options) : IDisposable
{
    private readonly HttpMessageInvoker _http = options.HttpInvoker ?? new HttpMessageInvoker(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = options.ProbeTimeout,
    });

    /// <summary>Measures all at once. Those that have not answered a while after the first are not waited for.</summary>
    /// <returns>How long each took; null where it did not answer.</returns>
    public async Task<IReadOnlyList<(string Url, TimeSpan? Latency)>> MeasureAsync(IReadOnlyList<Uri> relays, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ProbeTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var measurements = new List<Task<TimeSpan?>>(relays.Select(relay => MeasureAsync(relay, linked.Token)));
        var left = new List<Task<TimeSpan?>>(measurements);
        while (left.Count > 0)
        {
            Task<TimeSpan?> done = await Task.WhenAny(left).ConfigureAwait(false);
            left.Remove(done);
            if (await done.ConfigureAwait(false) is { } first && !timeout.IsCancellationRequested)
            {
                // A relay that takes three times as long is not going to be the home.
                timeout.CancelAfter((2 * first) + TimeSpan.FromMilliseconds(100));
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return [.. relays.Zip(measurements, (relay, measurement) => (relay.AbsoluteUri, measurement.Result))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (options.HttpInvoker is null)
        {
            _http.Dispose();
        }
    }

    private async Task<TimeSpan?> MeasureAsync(Uri relay, CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan? best = null;

            // The first request pays for the connection.
            for (int i = 0; i < 2; i++)
            {
                long start = options.TimeProvider.GetTimestamp();
                using var request = new HttpRequestMessage(HttpMethod.Get, RelayUrl.ToPing(relay));
                using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                TimeSpan took = options.TimeProvider.GetElapsedTime(start);
                if (!response.IsSuccessStatusCode)
                {
                    return null;
                }

                best = best is { } before && before < took ? before : took;
            }

            return best;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
