namespace IrohRpc.Tests;

/// <summary>A handler whose caller gives up an upload sees one exception, whichever it learns of first: the reset of the stream, or that the call is over.</summary>
public sealed class CancelledUploadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Handler_of_an_upload_that_is_given_up_sees_a_cancel(bool items, bool resetFirst)
    {
        var seen = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Pair<IUpload> pair = await Pair<IUpload>.StartAsync(
            new Upload(begun, seen), wrapServer: connection => resetFirst ? new LateConnection(connection, seen.Task) : connection);
        using var stop = new CancellationTokenSource();
        Task call = items ? pair.Proxy.TakeItemsAsync(Items(), stop.Token).AsTask() : pair.Proxy.TakeAsync(new EndlessUpload(), stop.Token).AsTask();
        await begun.Task.Soon();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        Assert.IsAssignableFrom<OperationCanceledException>(await seen.Task.Soon());

        static async IAsyncEnumerable<int> Items()
        {
            yield return 1;
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }

    private sealed class Upload(TaskCompletionSource begun, TaskCompletionSource<Exception> seen) : IUpload
    {
        public async ValueTask TakeAsync(Stream bytes, CancellationToken cancellationToken)
        {
            try
            {
                byte[] buffer = new byte[1000];
                while (await bytes.ReadAsync(buffer, CancellationToken.None) > 0)
                {
                    begun.TrySetResult();
                }
            }
            catch (Exception exception)
            {
                seen.TrySetResult(exception);
                throw;
            }
        }

        public async ValueTask TakeItemsAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
        {
            try
            {
                await foreach (int _ in items)
                {
                    begun.TrySetResult();
                }
            }
            catch (Exception exception)
            {
                seen.TrySetResult(exception);
                throw;
            }
        }
    }

    // Its first bytes come, and no others.
    private sealed class EndlessUpload : MemoryStream
    {
        private bool _hasBegun;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_hasBegun)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            _hasBegun = true;
            return 10;
        }
    }

    // The ends of its streams' directions are told late: a read learns of a reset first.
    private sealed class LateConnection(PeerConnection inner, Task seen) : DelegatingConnection(inner)
    {
        protected override PeerStream Accepted(PeerStream stream) => new LateStream(stream, seen);

        private sealed class LateStream(PeerStream inner, Task seen) : DelegatingStream(inner)
        {
            public override Task ReadsClosed { get; } = WhenSeenAsync(inner, seen);

            private static async Task WhenSeenAsync(PeerStream stream, Task seen)
            {
                await seen;
                await stream.ReadsClosed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>A contract with uploads.</summary>
[Alpn("upload/1")]
public partial interface IUpload
{
    ValueTask TakeAsync(Stream bytes, CancellationToken cancellationToken = default);

    ValueTask TakeItemsAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken = default);
}
