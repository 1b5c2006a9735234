using IrohRpc.CompilerServices;

namespace IrohRpc.StreamCalls;

/// <summary>Reads the request of a call that has a stream of its own, and takes it in or says why not.</summary>
/// <param name="connection">The connection.</param>
/// <param name="reader">Stands at the first frame of the call.</param>
/// <param name="responder">The way back for the call.</param>
/// <param name="reset">Resets both directions with a code.</param>
internal sealed class RequestReader(RpcConnection connection, FrameReader reader, CallResponder responder, Action<long> reset)
{
    // What a one-way call holds for which no place is free.
    private long? _waitingCost;

    /// <summary>The call that was taken in; null where none was.</summary>
    public IncomingCall? Call { get; private set; }

    /// <summary>Why the request was not taken in; null where it was, or where its frames cannot be followed.</summary>
    public Rejection? Rejection { get; private set; }

    /// <summary>The caller's number for the call.</summary>
    public long Number { get; private set; }

    /// <summary>Whether nobody waits for an answer.</summary>
    public bool IsOneWay { get; private set; }

    /// <summary>The call's turn, which a lane announces; -1 for none.</summary>
    public long Turn { get; private set; } = -1;

    private RpcOptions Options => connection.Options;

    /// <summary>Reads the request. False where the caller ended its direction before it had sent one, or no place was free in time for a one-way call.</summary>
    public async ValueTask<bool> ReadAsync()
    {
        // A request has to arrive within a time, since it holds memory meanwhile.
        using var timeout = new CancellationTokenSource(Options.RequestTimeout, Options.TimeProvider);
        using CancellationTokenRegistration registration = timeout.Token.UnsafeRegister(static state => ((RequestReader)state!).IsLate(), this);
        try
        {
            while (!TryRead())
            {
                if (_waitingCost is { } cost)
                {
                    // Nobody would hear of a one-way call that is rejected: it waits, and is taken up again.
                    _waitingCost = null;
                    await connection.WaitForPlaceAsync(cost).WaitAsync(timeout.Token).ConfigureAwait(false);
                }
                else if (!await reader.FillAsync().ConfigureAwait(false))
                {
                    return false;
                }
            }
        }
        catch (OperationCanceledException)
        {
            GiveUpTurn();
            return false;
        }
        catch (RpcException exception)
        {
            // It holds more than may be held.
            Rejection = new Rejection(exception.StatusCode, exception.Message);
        }

        return true;
    }

    private void IsLate() => reset(ResetCode.LimitExceeded);

    // False where more has to arrive.
    private bool TryRead()
    {
        while (true)
        {
            if (!reader.TryPeek(WireFormat.LargestHead, out FrameType type, out long length, out ReadOnlySpan<byte> head))
            {
                return false;
            }

            if (type <= WireFormat.LastFrameType)
            {
                return TryTakeIn(type, length, head);
            }

            // A frame that this build does not know says nothing about the call.
            switch (reader.TryRead(0, out _, out _))
            {
                case FrameReadResult.Incomplete:
                    return false;
                case FrameReadResult.Broken:
                    // Its length does not even cover its type, so that nothing of it can be skipped.
                    return Break();
            }
        }
    }

    private bool TryTakeIn(FrameType type, long length, ReadOnlySpan<byte> head)
    {
        if (type is not (FrameType.Request or FrameType.Notification))
        {
            return Break();
        }

        IsOneWay = type == FrameType.Notification;
        bool isRead = RequestFrame.TryReadMethod(ref head, out long number, out long target, out uint nameId, out ulong signatureId);
        Number = number;
        if (!isRead)
        {
            return Reject(new Rejection(RpcStatusCode.InvalidArgument, "The request's head cannot be read."));
        }

        Rejection? rejection = CallResolver.Resolve(connection, target, nameId, signatureId, out ServiceBinding? binding, out MethodDescriptor? method);
        if (rejection is not null)
        {
            return Reject(rejection);
        }

        // Before anything is buffered: the length is known, the method's limit as well.
        int limit = method!.MessageLimit ?? Options.MessageLimit;
        int frameLimit = WireFormat.FrameLimit(limit, Options.MaxFieldBytes);
        if (length >= frameLimit)
        {
            return Reject(new Rejection(RpcStatusCode.ResourceExhausted, RpcErrors.ArgumentsTooLarge(method, limit)));
        }

        FrameReadResult result = reader.TryRead(frameLimit, out _, out ReadOnlySpan<byte> body);
        return result switch
        {
            FrameReadResult.Incomplete => false,
            FrameReadResult.Frame => TakeIn(body, binding!, method),
            _ => Break(),
        };
    }

    private bool TakeIn(ReadOnlySpan<byte> body, ServiceBinding binding, MethodDescriptor method)
    {
        if (!RequestFrame.TryParse(body, out long number, out RequestFrame frame))
        {
            return Reject(new Rejection(RpcStatusCode.InvalidArgument, $"The request for {method} cannot be read."));
        }

        Rejection? rejection = CallResolver.Check(Options, method, frame, IsOneWay, out RequestFields fields);
        bool isAllowed = rejection is null;
        Turn = fields.Turn;
        if (isAllowed && connection.TryStartCall(frame.Cost, IsOneWay, out rejection))
        {
            Call = IncomingCall.Rent(responder, connection, binding, method, number, IsOneWay, frame, fields);
            return true;
        }

        if (isAllowed && IsOneWay)
        {
            reader.PutBack();
            _waitingCost = frame.Cost;
            return false;
        }

        GiveUpTurn();
        return Reject(rejection!);
    }

    private void GiveUpTurn()
    {
        if (Turn >= 0)
        {
            connection.Sequence?.Refuse(Turn);
        }
    }

    private bool Reject(Rejection rejection)
    {
        Rejection = rejection;
        return true;
    }

    private bool Break()
    {
        reset(ResetCode.BrokenFrame);
        return true;
    }
}
