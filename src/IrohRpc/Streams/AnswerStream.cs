using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>An answer to a call of a lane that is too large for the lane.</summary>
internal static class AnswerStream
{
    /// <summary>Makes the frame that <see cref="SendAsync"/> sends, which copies what it holds.</summary>
    public static CallBuffer MakeFrame(long call, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteAnswerHead(head, call, RpcStatusCode.OK, fields.Length);
        var frame = new CallBuffer();
        frame.BeginFrame(length + fields.Length + result.Length);
        frame.Write(head[..length]);
        frame.Write(fields);
        frame.Write(result);
        return frame;
    }

    /// <summary>Sends an answer, which was said to leave.</summary>
    public static async Task SendAsync(RpcConnection connection, long laneId, CallBuffer frame)
    {
        try
        {
            PeerStream stream = await connection.Connection.OpenUnidirectionalStreamAsync(CancellationToken.None).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var sender = new FrameSender(stream);
                AppendPreface(sender, laneId);
                sender.AppendFrame(FrameType.Response, frame);
                sender.Complete();
                await sender.Completion.ConfigureAwait(false);
                await stream.WritesClosed.ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is PeerException)
        {
            // The connection is gone, and the lane with it: the caller knows.
            connection.LogStreamFailed(laneId, exception);
        }

        frame.Release();
        connection.AnswerLeft();
    }

    /// <summary>Receives an answer, for whichever lane it names.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reader">Stands behind the two bytes that every stream begins with.</param>
    public static async Task ReceiveAsync(RpcConnection connection, FrameReader reader)
    {
        long laneId = await reader.ReadVarIntAsync().ConfigureAwait(false);
        if (connection.FindLane(laneId) is not { } lane)
        {
            reader.Stream.AbortRead(ResetCode.UnknownCall);
            return;
        }

        long number;
        while (!TryPeekCall(reader, out number))
        {
            if (!await reader.FillAsync().ConfigureAwait(false))
            {
                return;
            }
        }

        if (lane.FindMethod(number) is not { } method)
        {
            reader.Stream.AbortRead(ResetCode.UnknownCall);
            return;
        }

        await ReceiveAsync(connection, reader, lane, number, method).ConfigureAwait(false);
    }

    private static async Task ReceiveAsync(RpcConnection connection, FrameReader reader, ClientLane lane, long number, MethodDescriptor method)
    {
        int limit = method.MessageLimit ?? connection.Options.MessageLimit;
        try
        {
            FrameReadResult result;
            while ((result = TryDeliver(reader, lane, limit + connection.Options.MaxFieldBytes + WireFormat.LargestHead)) is FrameReadResult.Incomplete or FrameReadResult.Unknown)
            {
                if (result == FrameReadResult.Incomplete && !await reader.FillAsync().ConfigureAwait(false))
                {
                    throw new EndOfStreamException("the answer's stream ended early");
                }
            }

            if (result != FrameReadResult.Frame)
            {
                reader.Stream.AbortRead(result == FrameReadResult.TooLong ? ResetCode.LimitExceeded : ResetCode.BrokenFrame);
                lane.Deliver(number, result == FrameReadResult.TooLong
                    ? RpcErrors.TooLarge(method, "The answer", limit)
                    : RpcErrors.BadResult(method, new InvalidDataException("the frame is broken.")));
            }
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            lane.Deliver(number, RpcErrors.Lost(method, exception));
        }
    }

    private static bool TryPeekCall(FrameReader reader, out long number)
    {
        number = -1;
        return reader.TryPeek(VarInt.MaxLength, out _, out _, out ReadOnlySpan<byte> prefix) && VarInt.TryRead(ref prefix, out number);
    }

    private static FrameReadResult TryDeliver(FrameReader reader, ClientLane lane, int limit)
    {
        FrameReadResult result = reader.TryRead(limit, out FrameType type, out ReadOnlySpan<byte> body);
        if (result != FrameReadResult.Frame)
        {
            return result;
        }

        if (type != FrameType.Response || !VarInt.TryRead(ref body, out long number) || !WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields))
        {
            return FrameReadResult.Broken;
        }

        lane.Deliver(number, RpcStatusCode.OK, fields, body);
        return result;
    }

    private static void AppendPreface(FrameSender sender, long laneId)
    {
        Span<byte> preface = stackalloc byte[2 + VarInt.MaxLength];
        preface[0] = WireFormat.Version;
        preface[1] = (byte)StreamKind.Answer;
        sender.AppendPreface(preface[..(2 + VarInt.Write(preface[2..], laneId))]);
    }
}
