// What the last cell of part 1 loads: the curve of the loss.
#load "Plots/RichOutput.cs"
#load "Plots/ShortNumber.cs"
#load "Plots/Sparkline.cs"
#load "Plots/PlotAxis.cs"
#load "Plots/LinePlot.cs"
#load "Plots/PlotlyUpgrade.cs"
#load "Plots/LossCurve.cs"
