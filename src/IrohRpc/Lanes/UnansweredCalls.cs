using System.Diagnostics.CodeAnalysis;
using IrohRpc.CompilerServices;

namespace IrohRpc.Lanes;

/// <summary>The calls of a lane that wait for their responses, by number. Guarded by the lane.</summary>
internal sealed class UnansweredCalls
{
    // Stands for calls that were given up and whose responses have not come: the lane keeps their numbers, and nothing else of them.
    private static readonly OutgoingCall Withdrawn = new();

    private readonly Stack<int> _freeNumbers = new();
    private HashSet<long>? _expectedLarge;
    private OutgoingCall?[] _calls = new OutgoingCall?[8];
    private int _numbers;
    private TaskCompletionSource? _idle;

    /// <summary>Whether no call waits for its response.</summary>
    public bool IsEmpty => _freeNumbers.Count == _numbers;

    /// <summary>Adds a call, under the smallest number that was in use before.</summary>
    public int Add(OutgoingCall call)
    {
        if (!_freeNumbers.TryPop(out int number))
        {
            number = _numbers++;
            if (number == _calls.Length)
            {
                Array.Resize(ref _calls, 2 * number);
            }
        }

        _calls[number] = call;
        return number;
    }

    /// <summary>The call of a number was not sent.</summary>
    public void Forget(int number)
    {
        _calls[number] = null;
        _freeNumbers.Push(number);
    }

    /// <summary>Takes the call of a number, whose response has come. Null where there is none, or nobody waits for it.</summary>
    public OutgoingCall? Take(long number)
    {
        if (number >= _numbers || _calls[number] is not { } call)
        {
            return null;
        }

        Forget((int)number);
        _expectedLarge?.Remove(number);
        if (IsEmpty)
        {
            _idle?.TrySetResult();
        }

        return call == Withdrawn ? null : call;
    }

    /// <summary>A call was given up. Its number stays taken until the response comes. False where the call has its response.</summary>
    public bool TryWithdraw(OutgoingCall call)
    {
        if (_calls[call.Number] != call)
        {
            return false;
        }

        if (!call.PassesObjects)
        {
            _calls[call.Number] = Withdrawn;
        }

        return true;
    }

    /// <summary>The method of a call whose response comes on a stream of its own. False where there is no such call, or another stream has come for it.</summary>
    public bool TryExpectLarge(long number, [NotNullWhen(true)] out MethodDescriptor? method)
    {
        method = number < _numbers && _calls[number] is { } call && call != Withdrawn ? call.Method : null;
        return method is not null && (_expectedLarge ??= []).Add(number);
    }

    /// <summary>Completes when no call waits for its response.</summary>
    public Task WhenEmptyAsync()
    {
        if (IsEmpty)
        {
            return Task.CompletedTask;
        }

        _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _idle.Task;
    }

    /// <summary>No response comes any more: takes all calls that wait, in the order in which they were sent.</summary>
    public List<OutgoingCall> TakeAll()
    {
        List<OutgoingCall> taken = [];
        for (int number = 0; number < _numbers; number++)
        {
            if (_calls[number] is { } call && call != Withdrawn)
            {
                taken.Add(call);
            }

            _calls[number] = null;
        }

        _idle?.TrySetResult();
        taken.Sort(static (one, other) => one.Position.CompareTo(other.Position));
        return taken;
    }
}
