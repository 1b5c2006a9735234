using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.StreamCalls;

/// <summary>What a call streams towards the service, beside the reading of what comes back.</summary>
/// <param name="connection">The connection.</param>
/// <param name="callStream">The call's own stream, which carries one of the uploads.</param>
/// <param name="callSender">The sender of that stream.</param>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer, and nothing to release.")]
internal sealed class Uploads(RpcConnection connection, PeerStream callStream, FrameSender callSender)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly List<PeerStream> _channels = [];
    private Exception? _failure;
    private bool _areChannelsClosed;

    /// <summary>What a source of the user's threw; null where none has.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether all have ended.</summary>
    public bool AreSent => _running.TrueForAll(static upload => upload.IsCompleted);

    /// <summary>Starts to send one.</summary>
    public void Start(Upload upload, bool isOnCallStream) => _running.Add(Task.Run(() => RunAsync(upload, isOnCallStream)));

    /// <summary>Completes when all have ended.</summary>
    public Task WhenSentAsync() => Task.WhenAll(_running);

    /// <summary>Tells the sources that nobody takes more. Their code may register on the token and throw, so that it runs elsewhere.</summary>
    public void Stop() => connection.Track(_stop.FireAsync());

    /// <summary>Closes the channels. A source may be slow to return, or never do: its stream does not wait for that.</summary>
    public async Task CloseChannelsAsync()
    {
        lock (_channels)
        {
            _areChannelsClosed = true;
        }

        foreach (PeerStream stream in _channels)
        {
            await connection.DisposeStreamAsync(stream).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Upload upload, bool isOnCallStream)
    {
        FrameSender? sender = null;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            PeerStream stream = isOnCallStream ? callStream : await OpenChannelAsync().ConfigureAwait(false);
            sender = isOnCallStream ? callSender : OpenSender(stream, upload.Parameter);
            Task stopped = StopWithReceiverAsync(stream, stop);
            if (await upload.SendAsync(sender, stop.Token).ConfigureAwait(false))
            {
                StreamSending.End(sender);
            }

            if (!isOnCallStream)
            {
                sender.Complete();
                await sender.Completion.ConfigureAwait(false);
                await stopped.ConfigureAwait(false);
                await connection.DisposeStreamAsync(stream).ConfigureAwait(false);
            }
        }
        catch (SourceException exception) when (!(exception.Thrown is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The user's source failed: the service hears that the stream is not complete, the caller gets the exception.
            Volatile.Write(ref _failure, exception.Thrown);
            var fields = new CompilerServices.CallBuffer();
            FieldWriter.WriteMessage(fields, "What the caller streams has failed on its side.");
            StreamSending.End(sender!, RpcStatusCode.Aborted, fields.WrittenSpan);
            fields.Release();
        }
        catch (Exception exception)
        {
            // The service wants no more, the call is over, or the connection is gone, which the reading side reports.
            sender?.Abort(ResetCode.Cancelled);
            connection.LogStreamFailed(callStream.Id, exception);
        }
    }

    private async ValueTask<PeerStream> OpenChannelAsync()
    {
        PeerStream stream = await connection.Connection.OpenUnidirectionalStreamAsync(_stop.Token).ConfigureAwait(false);
        lock (_channels)
        {
            if (!_areChannelsClosed)
            {
                _channels.Add(stream);
                return stream;
            }
        }

        await connection.DisposeStreamAsync(stream).ConfigureAwait(false);
        throw new OperationCanceledException(_stop.Token);
    }

    private FrameSender OpenSender(PeerStream stream, int parameter)
    {
        var sender = new FrameSender(stream);
        Span<byte> preface = stackalloc byte[2 + (2 * VarInt.MaxLength)];
        preface[0] = WireFormat.Version;
        preface[1] = (byte)StreamKind.Channel;
        int length = 2 + VarInt.Write(preface[2..], callStream.Id);
        length += VarInt.Write(preface[length..], parameter);
        sender.AppendPreface(preface[..length]);
        sender.Flush();
        return sender;
    }

    private static async Task StopWithReceiverAsync(PeerStream stream, CancellationTokenSource stop)
    {
        try
        {
            await stream.WritesClosed.ConfigureAwait(false);
        }
        catch (Exception)
        {
            await stop.FireAsync().ConfigureAwait(false);
        }
    }
}
