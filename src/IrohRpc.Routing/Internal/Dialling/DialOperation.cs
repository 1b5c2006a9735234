using System.Threading.Channels;
using IrohRpc.Routing.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>Runs one <see cref="DialRace"/>: starts the attempts and timers that it asks for and tells it what happens.</summary>
internal sealed class DialOperation
{
    private readonly Channel<DialEvent> _events = Channel.CreateUnbounded<DialEvent>(new() { SingleReader = true });
    private readonly TaskCompletionSource<PeerConnection> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _attemptTasks = [];
    private readonly DialRequest _request;
    private readonly DialPlan _plan;
    private readonly DialAttempt[] _attempts;
    private readonly DialRace _race;
    private readonly DialTimes _times;
    private readonly ConnectionSet _connections;
    private readonly ILogger _logger;
    private readonly long _startedAt;
    private ITimer? _stagger;

    public DialOperation(DialRequest request, DialPlan plan, DialTimes times, ConnectionSet connections, ILogger logger)
    {
        _request = request;
        _plan = plan;
        _times = times;
        _connections = connections;
        _logger = logger;
        _attempts = [.. plan.Candidates.Select(candidate => new DialAttempt(candidate))];
        _race = new(_attempts.Length);
        _startedAt = Clock.GetTimestamp();
    }

    /// <summary>The connection that won; the caller of the dial owns it.</summary>
    public Task<PeerConnection> Result => _result.Task;

    private TimeProvider Clock => _times.TimeProvider;

    /// <summary>Runs until every attempt has ended, which may be after <see cref="Result"/> is there. Never throws.</summary>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="endpointClosing">Fires when the endpoint closes.</param>
    public async Task RunAsync(CancellationToken cancellationToken, CancellationToken endpointClosing)
    {
        try
        {
            if (endpointClosing.IsCancellationRequested)
            {
                _result.TrySetException(DialFailure.EndpointClosed(_request.PeerId));
                return;
            }

            using CancellationTokenRegistration cancelled
                = cancellationToken.UnsafeRegister(static self => ((DialOperation)self!).Post(new(DialEventKind.Cancelled)), this);
            using CancellationTokenRegistration closing
                = endpointClosing.UnsafeRegister(static self => ((DialOperation)self!).Post(new(DialEventKind.EndpointClosed)), this);
            using ITimer deadline = Clock.CreateTimer(
                static self => ((DialOperation)self!).Post(new(DialEventKind.TimedOut)), this, _times.DialTimeout, Timeout.InfiniteTimeSpan);

            Apply(_race.Handle(new(DialEventKind.Started)), cancellationToken);
            while (!_race.IsSettled)
            {
                DialEvent happened = await _events.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                Apply(_race.Handle(happened), cancellationToken);
            }

            await Task.WhenAll(_attemptTasks).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _result.TrySetException(exception);
        }
        finally
        {
            _stagger?.Dispose();
            foreach (DialAttempt attempt in _attempts)
            {
                attempt.Dispose();
            }
        }
    }

    private void Post(DialEvent happened) => _events.Writer.TryWrite(happened);

    private void Apply(IReadOnlyList<DialAction> actions, CancellationToken cancellationToken)
    {
        foreach (DialAction action in actions)
        {
            switch (action.Kind)
            {
                case DialActionKind.StartAttempt:
                    _attemptTasks.Add(AttemptAsync(action.Attempt));
                    break;
                case DialActionKind.StartStagger:
                    StartStagger(action.Attempt);
                    break;
                case DialActionKind.CancelAttempt:
                    _attempts[action.Attempt].Cancel();
                    break;
                case DialActionKind.DiscardConnection:
                    _attemptTasks.Add(DiscardAsync(_attempts[action.Attempt].Connection!));
                    break;
                case DialActionKind.Win:
                    HandOut(_attempts[action.Attempt]);
                    break;
                case DialActionKind.FailExhausted:
                case DialActionKind.FailTimedOut:
                    _result.TrySetException(DialFailure.Failed(
                        _request.PeerId,
                        _request.Alpns,
                        _attempts,
                        _plan.Skipped,
                        Clock.GetElapsedTime(_startedAt),
                        timedOut: action.Kind == DialActionKind.FailTimedOut));
                    break;
                case DialActionKind.FailCancelled:
                    _result.TrySetCanceled(cancellationToken);
                    break;
                case DialActionKind.FailEndpointClosed:
                    _result.TrySetException(DialFailure.EndpointClosed(_request.PeerId));
                    break;
            }
        }
    }

    private void StartStagger(int attempt)
    {
        // A timer of its own for each delay: one that fires late names the attempt that it was for, and is ignored.
        _stagger?.Dispose();
        _stagger = Clock.CreateTimer(
            _ => Post(new(DialEventKind.StaggerElapsed, attempt)), null, _times.StaggerDelay, Timeout.InfiniteTimeSpan);
    }

    private void HandOut(DialAttempt attempt)
    {
        PeerConnection connection = attempt.Connection!;
        RoutingLog.Dialled(_logger, _request.PeerId, attempt.Candidate, connection.Alpn, Clock.GetElapsedTime(_startedAt));
        if (_connections.TryAdd(connection))
        {
            _result.TrySetResult(connection);
        }
        else
        {
            _result.TrySetException(DialFailure.EndpointClosed(_request.PeerId));
            _attemptTasks.Add(DiscardAsync(connection));
        }
    }

    private async Task AttemptAsync(int index)
    {
        DialAttempt attempt = _attempts[index];
        attempt.IsStarted = true;
        attempt.StartedAt = Clock.GetTimestamp();
        DialEventKind outcome = DialEventKind.Failed;
        try
        {
            PeerConnection connection = await attempt.Candidate.Transport
                .DialAsync(attempt.Candidate.Address, _request, attempt.Cancellation)
                .ConfigureAwait(false);
            attempt.Connection = connection;

            // The peer may have turned us away already, which makes this attempt a failed one like a refusal before the handshake.
            if (connection.Closed is { IsCompletedSuccessfully: true, Result: { IsRefusal: true } end })
            {
                attempt.Error = end.ToException(_request.PeerId);
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                outcome = DialEventKind.Connected;
            }
        }
        catch (OperationCanceledException) when (attempt.Cancellation.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            attempt.Error = exception as PeerException
                ?? new PeerException(PeerErrorKind.Unknown, $"The transport failed: {exception.Message}", exception);
            RoutingLog.AttemptFailed(_logger, _request.PeerId, attempt.Candidate, exception);
        }

        attempt.Took = Clock.GetElapsedTime(attempt.StartedAt);
        Post(new(outcome, index));
    }

    private static async Task DiscardAsync(PeerConnection connection)
    {
        await connection.CloseAsync(ConnectionErrorCodes.LostRace, "another address answered first").ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
