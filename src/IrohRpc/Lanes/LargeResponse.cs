using IrohRpc.CompilerServices;

namespace IrohRpc.Lanes;

/// <summary>A response to a call on a lane that is too large for the lane: it takes a unidirectional stream of its own.</summary>
internal static class LargeResponse
{
    /// <summary>Makes the frame that <see cref="SendAsync"/> sends, which copies what it is made of.</summary>
    public static CallBuffer MakeFrame(long call, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteResponseHead(head, call, RpcStatusCode.OK, fields.Length);
        var frame = new CallBuffer();
        frame.BeginFrame(length + fields.Length + result.Length);
        frame.Write(head[..length]);
        frame.Write(fields);
        frame.Write(result);
        return frame;
    }

    /// <summary>Sends a response, and returns the place of its call when it has left.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="lane">The lane that the request came on.</param>
    /// <param name="laneId">Its stream's id.</param>
    /// <param name="number">The caller's number for the call.</param>
    /// <param name="frame">The response.</param>
    /// <param name="cost">What call and response count for in the connection's budget.</param>
    public static async Task SendAsync(RpcConnection connection, ServerLane lane, long laneId, long number, CallBuffer frame, long cost)
    {
        try
        {
            PeerStream stream = await connection.Connection.OpenUnidirectionalStreamAsync(connection.Ending).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var sender = new FrameSender(stream);
                AppendPreface(sender, laneId);
                sender.AppendFrame(FrameType.Response, frame);
                sender.Complete();
                await sender.Completion.ConfigureAwait(false);
                if (sender.Failure is { } failure)
                {
                    throw failure;
                }

                await stream.WritesClosed.ConfigureAwait(false);
            }
        }
        catch (PeerException exception) when (exception is { Kind: PeerErrorKind.StreamAborted, ErrorCode: ResetCode.LimitExceeded or ResetCode.BrokenFrame })
        {
            // The caller has ended the call itself, and its number may be another call's by now.
            connection.LogStreamFailed(laneId, exception);
        }
        catch (Exception exception)
        {
            // With the connection the lane is gone as well, and the caller knows. Otherwise the lane says it; a caller that has its response ignores that.
            connection.LogStreamFailed(laneId, exception);
            lane.RespondLost(number, "The response took a stream of its own, which has failed.");
        }
        finally
        {
            frame.Release();
            connection.ReturnPlace(cost);
        }
    }

    /// <summary>Receives a response, for the lane that it names.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="findLane">Finds the lane of a stream's id.</param>
    /// <param name="reader">Stands behind the two bytes that every stream begins with.</param>
    public static async Task ReceiveAsync(RpcConnection connection, Func<long, ClientLane?> findLane, FrameReader reader)
    {
        long laneId = await reader.ReadVarIntAsync().ConfigureAwait(false);
        if (findLane(laneId) is not { } lane)
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

        // One for each call: others of the same call are refused, whatever they would make this side hold.
        if (!lane.TryExpectLarge(number, out MethodDescriptor? method))
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
            while ((result = TryDeliver(reader, lane, WireFormat.FrameLimit(limit, connection.Options.MaxFieldBytes)))
                is FrameReadResult.Incomplete or FrameReadResult.Unknown)
            {
                if (result == FrameReadResult.Incomplete && !await reader.FillAsync().ConfigureAwait(false))
                {
                    throw new EndOfStreamException("the response's stream ended early");
                }
            }

            if (result != FrameReadResult.Frame)
            {
                reader.Stream.AbortRead(result == FrameReadResult.TooLong ? ResetCode.LimitExceeded : ResetCode.BrokenFrame);
                lane.Deliver(number, result == FrameReadResult.TooLong
                    ? RpcErrors.ResponseTooLarge(method, limit)
                    : RpcErrors.BadResult(method, new InvalidDataException("the frame is broken.")));
            }
        }
        catch (PeerException exception) when (exception.Kind == PeerErrorKind.StreamAborted)
        {
            // Whoever resets a response says on the lane that it is lost. Ended here as well, the call's number would be another call's when that comes.
            connection.LogStreamFailed(reader.Stream.Id, exception);
        }
        catch (Exception exception)
        {
            // Whatever a stream of another transport throws, the caller must not wait for ever, and the service is not to speak of the call any more.
            reader.Stream.AbortRead(ResetCode.BrokenFrame);
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

        if (type != FrameType.Response || !VarInt.TryRead(ref body, out long number) || !ResponseFrame.TryParse(type, body, out ResponseFrame frame))
        {
            return FrameReadResult.Broken;
        }

        lane.Deliver(number, RpcStatusCode.OK, frame.Fields, frame.Result);
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
