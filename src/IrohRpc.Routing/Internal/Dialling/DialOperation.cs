using System.Collections.Concurrent;
using System.Threading.Channels;
using IrohRpc.Reach.Lookup;
using IrohRpc.Routing.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>Runs one <see cref="DialRace"/>: starts the attempts and timers that it asks for and tells it what happens.</summary>
internal sealed class DialOperation
{
    private readonly Channel<DialEvent> _events = Channel.CreateUnbounded<DialEvent>(new() { SingleReader = true });
    private readonly TaskCompletionSource<PeerConnection> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<EndpointData> _found = new();
    private readonly List<Task> _attemptTasks = [];
    private readonly DialRequest _request;
    private readonly DialPlan _plan;
    private readonly List<DialAttempt> _attempts;
    private readonly IAddressLookup? _lookup;
    private CancellationToken _lookupToken;
    private readonly DialRace _race;
    private readonly DialTimes _times;
    private readonly ConnectionSet _connections;
    private readonly ILogger _logger;
    private readonly long _startedAt;
    private ITimer? _stagger;

    /// <param name="request">Whom to reach.</param>
    /// <param name="plan">What to try.</param>
    /// <param name="lookup">Where further addresses may be had; null for nowhere.</param>
    /// <param name="times">How long what may take.</param>
    /// <param name="connections">Keeps what is handed out.</param>
    /// <param name="logger">Where log lines go.</param>
    public DialOperation(
        DialRequest request, DialPlan plan, IAddressLookup? lookup, DialTimes times, ConnectionSet connections, ILogger logger)
    {
        _request = request;
        _plan = plan;
        _times = times;
        _connections = connections;
        _logger = logger;
        _attempts = [.. plan.Candidates.Select(candidate => new DialAttempt(candidate))];
        _lookup = lookup;
        _race = new(_attempts.Count, plan.AtOnce, canLookUp: lookup is not null);
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

            using var lookupEnding = new CancellationTokenSource();
            _lookupToken = lookupEnding.Token;
            Apply(_race.Handle(new(DialEventKind.Started)), cancellationToken);
            while (!_race.IsSettled)
            {
                DialEvent happened = await _events.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                if (happened.Kind == DialEventKind.Found)
                {
                    happened = AddFound();
                }

                Apply(_race.Handle(happened), cancellationToken);
                if (_result.Task.IsCompleted)
                {
                    await lookupEnding.CancelAsync().ConfigureAwait(false);
                }
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
                case DialActionKind.StartLookup:
                    _attemptTasks.Add(LookUpAsync());
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
                case DialActionKind.FailExhausted when _attempts.Count == 0:
                    _result.TrySetException(
                        _plan.Skipped.Count == 0 ? DialFailure.NotFound(_request.PeerId, _lookup!.Name) : DialFailure.NothingToTry(_request.PeerId, _plan));
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
            connection.AddPeerAddresses([.. _plan.Candidates.Select(candidate => candidate.Address)]);
            _result.TrySetResult(connection);
        }
        else
        {
            _result.TrySetException(DialFailure.EndpointClosed(_request.PeerId));
            _attemptTasks.Add(DiscardAsync(connection));
        }
    }

    private DialEvent AddFound()
    {
        // Each report is of one answer.
        (int count, int atOnce) = _found.TryDequeue(out EndpointData? data) ? _plan.Add(data.Addresses) : (0, 0);
        _attempts.AddRange(_plan.Candidates.Skip(_attempts.Count).Select(candidate => new DialAttempt(candidate)));
        return new(DialEventKind.Found, count, atOnce);
    }

    private async Task LookUpAsync()
    {
        try
        {
            await foreach (EndpointData data in _lookup!.ResolveAsync(_request.PeerId, _lookupToken).ConfigureAwait(false))
            {
                RoutingLog.Found(_logger, _request.PeerId, data.Addresses.Count);
                _found.Enqueue(data);
                Post(new(DialEventKind.Found));
            }
        }
        catch (OperationCanceledException) when (_lookupToken.IsCancellationRequested)
        {
            // The dial is decided.
        }
        catch (Exception exception)
        {
            // A lookup of the application's may throw anything; the addresses that are known are tried all the same.
            RoutingLog.LookupFailed(_logger, _request.PeerId, exception);
        }

        Post(new(DialEventKind.LookupEnded));
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
        if (outcome == DialEventKind.Connected || attempt.Error is not null)
        {
            ConnectionMetrics.HandshakeEnded(attempt.Candidate.Transport.Name, attempt.Took.Value, attempt.Error);
        }

        Post(new(outcome, index));
    }

    private static async Task DiscardAsync(PeerConnection connection)
    {
        await connection.CloseAsync(ConnectionErrorCodes.LostRace, "another address answered first").ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
