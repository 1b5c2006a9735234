using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>Writes the steps of a <see cref="PayloadPlan"/>: members of objects stand beside those of the objects around them, and those of fixed sizes become one.</summary>
internal ref struct PlanBuilder
{
    // An object that stands in many places would otherwise be written as often.
    private const int LargestPlan = 48;

    private readonly List<PlanStep> _steps = [];
    private readonly List<PayloadShape> _around = [];
    private int _depth;

    // Steps before this one belong to an object that has ended, and are left out where it is null.
    private int _barrier;

    public PlanBuilder()
    {
    }

    /// <summary>The most values that stand within each other, as far as the plan itself goes into them.</summary>
    public int Depth { get; private set; }

    public readonly PlanStep[] Steps => [.. _steps];

    public void Add(ReadOnlySpan<PayloadPart> parts)
    {
        foreach (ref readonly PayloadPart part in parts)
        {
            Add(part.Shape, part.AllowsNull, isRoot: false);
        }
    }

    /// <summary>Adds one value.</summary>
    /// <param name="shape">Its form.</param>
    /// <param name="allowsNull">Whether it may be null.</param>
    /// <param name="isRoot">Whether the plan is the value's own, so that it cannot refer to it.</param>
    public void Add(PayloadShape shape, bool allowsNull, bool isRoot)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Fixed or ShapeKind.CheckedFixed:
                AddBytes(shape);
                break;
            case ShapeKind.Text:
                _steps.Add(new PlanStep(PlanStepKind.Text, shape, allowsNull, _depth) { Memory = shape.Heap });
                break;
            case ShapeKind.ObjectNumber:
                _steps.Add(new PlanStep(PlanStepKind.Number, shape, allowsNull, _depth));
                Depth = Math.Max(Depth, _depth + 1);
                break;
            case ShapeKind.List:
                AddList(shape, allowsNull);
                break;
            case ShapeKind.Tolerant when isRoot:
                _steps.Add(new PlanStep(PlanStepKind.Tolerant, shape, allowsNull: false, _depth + 1) { Memory = shape.Heap });
                Depth = Math.Max(Depth, _depth + 1);
                break;
            case ShapeKind.Union when isRoot:
                _steps.Add(new PlanStep(PlanStepKind.Union, shape, allowsNull: false, _depth));
                break;
            case ShapeKind.Object or ShapeKind.Row when isRoot || (_steps.Count < LargestPlan && !_around.Contains(shape)):
                AddMembers(shape, allowsNull);
                break;
            case ShapeKind.Tolerant or ShapeKind.Union or ShapeKind.Object or ShapeKind.Row:
                _steps.Add(new PlanStep(PlanStepKind.Nested, shape, allowsNull && !shape.IsStruct, _depth));
                break;
            default:
                _steps.Add(new PlanStep(PlanStepKind.Unknown, shape, allowsNull, _depth));
                break;
        }
    }

    private void AddList(PayloadShape shape, bool allowsNull)
    {
        PayloadShape item = shape.Parts[0].Shape;
        _steps.Add(new PlanStep(PlanStepKind.List, shape, allowsNull, _depth + 1)
        {
            Count = Math.Max(1, item.Minimum),
            Members = item.Kind == ShapeKind.Fixed ? 0 : 1,
            Memory = shape.Heap,
            MemoryOfAny = shape.AnyCost,
            MemoryOfItem = shape.ItemCost + ((long)shape.Copies * item.Inline),
        });
        Depth = Math.Max(Depth, _depth + 1);
    }

    private void AddMembers(PayloadShape shape, bool allowsNull)
    {
        int head = _steps.Count;
        Depth = Math.Max(Depth, ++_depth);
        if (shape.Kind == ShapeKind.Object)
        {
            _steps.Add(new PlanStep(PlanStepKind.Head, shape, allowsNull && !shape.IsStruct, _depth) { Count = shape.Parts.Length, Memory = shape.Heap });
        }

        _around.Add(shape);
        Add(shape.Parts);
        _depth--;
        _around.Remove(shape);
        if (shape.Kind == ShapeKind.Object)
        {
            _steps[head] = _steps[head] with { Members = _steps.Count - head - 1 };
            _barrier = _steps.Count;
        }
    }

    private readonly void AddBytes(PayloadShape shape)
    {
        if (_steps.Count == _barrier)
        {
            _steps.Add(new PlanStep(PlanStepKind.Start, shape, allowsNull: false, _depth));
        }

        PlanStep before = _steps[^1];
        IEnumerable<FixedRule> rules = shape.Rules.Select(rule => rule with { Offset = before.Following + rule.Offset });
        IEnumerable<FixedGap> gaps = shape.Gaps.Select(gap => gap with { Offset = before.Following + gap.Offset });
        _steps[^1] = before with
        {
            Following = before.Following + shape.Size,
            Rules = shape.Rules.Length == 0 ? before.Rules : [.. before.Rules ?? [], .. rules],
            Gaps = shape.Gaps.Length == 0 ? before.Gaps : [.. before.Gaps ?? [], .. gaps],
        };
    }
}
