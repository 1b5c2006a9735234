using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

// How a call is responded to at the service: with its result, with what an exception means to its caller, or with a rejection.
public sealed partial class IncomingCall
{
    /// <summary>Responds without a value.</summary>
    internal void Succeed() => Respond(RpcStatusCode.OK);

    /// <summary>Responds with a value.</summary>
    internal void Succeed<T>(T result, ValueWriter<T> writer)
    {
        try
        {
            _result.Clear();
            if (result is null && Method.RefusesNullResult)
            {
                throw new InvalidOperationException($"{Method} returned null, which its type does not allow.");
            }

            _result.WriteValue(result, writer, Host.Options.BoundsFor(Method));
        }
        catch (Exception exception)
        {
            // The formatters of the result's types may throw anything.
            _result.Clear();
            HandlerFailed(exception);
            return;
        }

        Respond(RpcStatusCode.OK);
    }

    /// <summary>Responds with what an exception means to a caller.</summary>
    /// <param name="exception">What the handler threw, or an interceptor.</param>
    /// <param name="notStarted">Whether the handler has not run, and nothing else knows of what the caller passed.</param>
    internal void HandlerFailed(Exception exception, bool notStarted = false)
    {
        RpcStatusCode status = DescribeFailure(exception, _responseFields);
        if (notStarted)
        {
            FieldWriter.WriteNotStarted(_responseFields);
        }

        _result.Clear();
        Respond(status);
    }

    /// <summary>Responds that the handler has not run.</summary>
    internal void Reject(Rejection rejection)
    {
        _responseFields.Clear();
        FieldWriter.WriteMessage(_responseFields, rejection.Message);
        FieldWriter.WriteNotStarted(_responseFields);
        _result.Clear();
        Send(rejection.Status);
    }

    /// <summary>Writes the fields that tell a caller of an exception, and returns the status. Never throws.</summary>
    internal RpcStatusCode DescribeFailure(Exception exception, CallBuffer fields)
    {
        fields.Clear();
        if (_invocation is { } invocation)
        {
            invocation.Exception = exception;
        }

        return FailureWriter.Write(this, exception, fields);
    }

    /// <summary>Writes the metadata of the response, where the handler set any.</summary>
    /// <exception cref="Exception">The handler changes it on another thread, or it is too large.</exception>
    internal void WriteResponseMetadata(CallBuffer fields)
    {
        if (_context?.ResponseMetadataOrNull is not { } metadata)
        {
            return;
        }

        CallFields.WriteMetadata(fields, metadata);
        if (fields.Length > Host.Options.MaxFieldBytes)
        {
            throw new RpcException(
                RpcStatusCode.ResourceExhausted,
                $"The response metadata of {Method} takes more than the {Host.Options.MaxFieldBytes} bytes that {nameof(RpcOptions.MaxFieldBytes)} allows.");
        }
    }

    private void Respond(RpcStatusCode status)
    {
        if (status == RpcStatusCode.OK)
        {
            _responseFields.Clear();
        }

        if (_passed is not null)
        {
            CallFields.WriteObject(_responseFields, _passed, Connection);
        }

        int length = _responseFields.Length;
        try
        {
            WriteResponseMetadata(_responseFields);
        }
        catch (Exception failure)
        {
            // Another thread of the handler's may change the metadata meanwhile. A failure keeps its status and goes without metadata.
            if (status == RpcStatusCode.OK)
            {
                status = DescribeFailure(failure, _responseFields);
                _result.Clear();
            }
            else
            {
                _responseFields.Truncate(length);
            }
        }

        Send(status);
    }

    private void Send(RpcStatusCode status)
    {
        CallResponder responder = Responder;
        try
        {
            responder.Respond(this, status, _responseFields.WrittenSpan, _result.WrittenSpan);
        }
        catch (Exception exception)
        {
            responder.Break(exception);
        }
    }

    private void DispatchFailed(Exception exception)
    {
        if (_step != Step.Arguments)
        {
            // The handler's, or the resolver's.
            HandlerFailed(exception);
            return;
        }

        RpcException failure = UnreadableArguments(exception);
        Reject(new Rejection(failure.StatusCode, failure.Message));
    }

    /// <summary>What a caller gets whose arguments cannot be read.</summary>
    internal RpcException UnreadableArguments(Exception exception)
    {
        ReturnReaderState();
        string argument = _argument >= 0 && _argument < Method.Parameters.Count ? $"argument \"{Method.Parameters[_argument].Name}\"" : "the arguments";
        string reason = exception is MemoryPack.MemoryPackSerializationException or InvalidDataException || Host.Options.ExposeExceptionDetails
            ? exception.SafeMessage()
            : "its bytes are not what the type's formatter expects.";
        Host.LogRejected(RpcStatusCode.InvalidArgument, $"{Method}: {argument} cannot be read: {exception.SafeMessage()}");
        return new RpcException(RpcStatusCode.InvalidArgument, $"{Method}: {argument} cannot be read: {reason}");
    }
}
