using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

// What a call streams towards the service, beside the reading of what comes back.
internal sealed partial class StreamCall
{
    private readonly List<PeerStream> _channels = [];
    private bool _channelsAreClosed;

    private void StartUpload(Upload upload, MethodDescriptor method)
        => _uploads.Add(Task.Run(() => RunUploadAsync(upload, upload.Parameter == StreamParameters.OnCallStream(method))));

    private async Task RunUploadAsync(Upload upload, bool onCallStream)
    {
        FrameSender? sender = null;
        try
        {
            PeerStream stream = onCallStream ? _stream : await OpenChannelAsync().ConfigureAwait(false);
            sender = onCallStream ? _sender : OpenSender(stream, upload.Parameter);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_uploadsEnd.Token);
            Task stopped = StopWithReceiverAsync(stream, stop);
            if (await upload.SendAsync(sender, stop.Token).ConfigureAwait(false))
            {
                StreamSending.End(sender);
            }

            if (!onCallStream)
            {
                await sender.Completion.ConfigureAwait(false);
                await stopped.ConfigureAwait(false);
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The service wants no more, or the call is over.
            sender?.Abort(ResetCode.Cancelled);
        }
        catch (PeerException)
        {
            // The connection is gone, which the reading side reports.
        }
        catch (Exception exception)
        {
            // The user's source failed: the service hears that the stream is not complete, the caller gets the exception.
            _uploadFailure = exception;
            if (sender is not null)
            {
                var fields = new CallBuffer();
                FieldWriter.WriteMessage(fields, "What the caller streams has failed on its side.");
                StreamSending.End(sender, RpcStatusCode.Aborted, fields.WrittenSpan);
            }
        }
    }

    private async ValueTask<PeerStream> OpenChannelAsync()
    {
        PeerStream stream = await _connection.Connection.OpenUnidirectionalStreamAsync(_uploadsEnd.Token).ConfigureAwait(false);
        lock (_channels)
        {
            if (!_channelsAreClosed)
            {
                _channels.Add(stream);
                return stream;
            }
        }

        await stream.DisposeAsync().ConfigureAwait(false);
        throw new OperationCanceledException(_uploadsEnd.Token);
    }

    // What an upload reads may be slow to let go, or never do: its stream does not wait for that.
    private async Task CloseChannelsAsync()
    {
        lock (_channels)
        {
            _channelsAreClosed = true;
        }

        foreach (PeerStream stream in _channels)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private FrameSender OpenSender(PeerStream stream, int parameter)
    {
        var sender = new FrameSender(stream);
        Span<byte> preface = stackalloc byte[2 + (2 * VarInt.MaxLength)];
        preface[0] = WireFormat.Version;
        preface[1] = (byte)StreamKind.Channel;
        int length = 2 + VarInt.Write(preface[2..], _stream.Id);
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
        catch (PeerException)
        {
            try
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // The upload has ended already.
            }
        }
    }
}
